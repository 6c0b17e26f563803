{{ config(materialized='table', format='parquet') }}
select v.ciudad, c.departamento, sum(v.kwh) as kwh
from {{ ref('ventas_limpias') }} v join {{ ref('ciudades') }} c on v.ciudad = c.ciudad
group by 1, 2
