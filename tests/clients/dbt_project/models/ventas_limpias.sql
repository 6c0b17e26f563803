select venta_id, ciudad, cast(kwh as decimal(18, 3)) as kwh, cast(fecha as date) as fecha
from {{ ref('ventas') }}
