-- Which client is behind each transaction?
SELECT c.*,
       t.transaccion_id,
       tipo_transaccion,
       cantidad_comprada_kwh,
       t.precio_kwh_cop,
       t.tipo_energia,
       t.year,
       t.month
FROM transacciones t
JOIN clientes c ON t.id_cliente_proveedor = c.cliente_id
ORDER BY t.transaccion_id
