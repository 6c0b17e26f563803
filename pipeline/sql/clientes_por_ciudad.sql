-- How many clients are there in each city?
SELECT ciudad, count(1) conteo
FROM clientes
GROUP BY ciudad
ORDER BY conteo DESC, ciudad
