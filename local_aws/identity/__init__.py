"""Who is asking: signatures, the keys that this AWS gave out, sessions, and policies that let anybody in."""
