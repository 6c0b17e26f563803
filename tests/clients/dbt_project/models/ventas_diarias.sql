{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['fecha']) }}
select ciudad, sum(kwh) as kwh, fecha from {{ ref('ventas_limpias') }}
{% if is_incremental() %} where fecha >= (select max(fecha) from {{ this }}) {% endif %}
group by ciudad, fecha
