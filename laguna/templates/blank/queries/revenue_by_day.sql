-- What came in on each day?
SELECT dt, count(*) AS orders, sum(amount) AS revenue
FROM orders
GROUP BY dt
ORDER BY dt
