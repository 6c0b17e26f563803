select * from {{ ref('ventas_limpias') }} where kwh <= 0
