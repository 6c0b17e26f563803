// What a page of another site tries. Each way in reports what the page could see; whether something has changed,
// the test asks the server. `plan` has the addresses, signed as anybody can sign them.
const seen = {};
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function attempt(name, work) {
  try {
    seen[name] = await Promise.race([work(), wait(8000).then(() => "timeout")]);
  } catch (error) {
    seen[name] = "failed";
  }
}

function form(action, type, fields) {
  const frame = document.createElement("iframe");
  frame.name = `frame${Math.random()}`;
  const made = document.createElement("form");
  Object.assign(made, { action, method: "post", enctype: type, target: frame.name });
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("textarea");
    Object.assign(field, { name, value });
    made.append(field);
  }
  document.body.append(frame, made);
  const loaded = new Promise((done) => { frame.onload = () => done("loaded"); });
  made.submit();
  return loaded;
}

function element(tag, attributes) {
  const made = Object.assign(document.createElement(tag), attributes);
  document.body.append(made);
  return new Promise((done) => {
    made.onload = () => done("loaded");
    made.onerror = () => done("failed");
  });
}

async function read(url, options = {}) {
  const answer = await fetch(url, options);
  return answer.type === "opaque" ? "opaque" : await answer.text();
}

async function attack(plan) {
  const urlencoded = "application/x-www-form-urlencoded";
  await attempt("form", () => form(plan.endpoint, urlencoded, plan.create_stack));
  await attempt("signed form", () => form(plan.signed_form, urlencoded, plan.create_stack));
  await attempt("multipart form", () => form(plan.signed_form, "multipart/form-data", plan.create_stack));
  await attempt("text form", () => form(plan.delete_objects, "text/plain", { "<Delete><Object><Key>kept</Key></Object></Delete><!--": "-->" }));
  await attempt("no-cors text", () => read(plan.delete_objects, { method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body: plan.delete_body }));
  await attempt("no-cors json", () => read(plan.endpoint, { method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body: "{}" }));
  await attempt("beacon", async () => String(navigator.sendBeacon(plan.delete_objects, plan.delete_body)));
  await attempt("image", () => element("img", { src: plan.create_stack_url }));
  await attempt("unsigned image", () => element("img", { src: plan.unsigned_image, referrerPolicy: "no-referrer" }));
  await attempt("image of object", () => element("img", { src: plan.image }));
  await attempt("script", async () => { await element("script", { src: plan.script }); return window.leaked || "nothing"; });
  await attempt("style", () => element("link", { rel: "stylesheet", href: plan.script }));
  await attempt("get", () => read(plan.get));
  await attempt("get without cors", () => read(plan.get, { mode: "no-cors" }));
  await attempt("delete", () => read(plan.delete, { method: "DELETE" }));
  await attempt("put", () => read(plan.put, { method: "PUT", body: "evil" }));
  for (const [name, headers] of Object.entries(plan.signed)) {
    await attempt(name, () => read(plan.endpoint, { method: "POST", headers, body: plan.bodies[name] }));
    await attempt(`${name} after a preflight elsewhere`, () => read(`${plan.endpoint}/?${plan.other_scope}`, { method: "POST", headers, body: plan.bodies[name] }));
  }
  await attempt("health", () => read(`${plan.endpoint}/_laguna/health`));
  await attempt("snapshot", () => read(`${plan.endpoint}/_laguna/snapshots/evil`, { method: "PUT" }));
  await attempt("websocket", () => new Promise((done) => {
    const socket = new WebSocket(plan.endpoint.replace("http", "ws"));
    socket.onopen = () => done("open");
    socket.onerror = () => done("failed");
  }));
  await attempt("events", () => new Promise((done) => {
    const events = new EventSource(plan.get);
    events.onopen = () => done("open");
    events.onerror = () => { events.close(); done("failed"); };
  }));
  return seen;
}
