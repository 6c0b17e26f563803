{{ config(materialized='incremental', table_type='iceberg', incremental_strategy='merge', unique_key='venta_id',
          partitioned_by=['day(fecha)']) }}
select venta_id, ciudad, kwh, fecha from {{ ref('ventas_limpias') }}
