-- What did the sales of each kind of energy bring in, in COP?
SELECT tipo_energia, SUM(cantidad_comprada_kwh * precio_kwh_cop) AS total_ventas
FROM transacciones
WHERE tipo_transaccion = 'venta'
GROUP BY tipo_energia
ORDER BY total_ventas DESC
