-- How many suppliers are there of each kind of energy?
SELECT tipo_energia, count(1) conteo
FROM proveedores
GROUP BY tipo_energia
ORDER BY conteo DESC, tipo_energia
