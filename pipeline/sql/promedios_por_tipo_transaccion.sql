-- How many purchases and sales were made, of how much energy, at what price on average?
SELECT tipo_transaccion,
       COUNT(*) num_transacciones,
       AVG(cantidad_comprada_kwh) kwh_promedio,
       AVG(precio_kwh_cop) precio_promedio
FROM transacciones
GROUP BY tipo_transaccion
ORDER BY tipo_transaccion
