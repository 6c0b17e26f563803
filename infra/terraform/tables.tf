# The raw files as tables of text. Partition projection finds the months, so no crawler has to run for them.

locals {
  raw_columns = {
    clientes = [
      "cliente_id", "tipo_identificacion", "identificacion", "nombre", "ciudad", "segmento", "fecha_registro",
    ]
    proveedores = ["proveedor_id", "nombre_proveedor", "tipo_energia", "fecha_registro"]
    transacciones = [
      "transaccion_id", "tipo_transaccion", "id_cliente_proveedor", "cantidad_comprada", "precio", "tipo_energia",
      "fecha_transaccion",
    ]
  }
}

resource "aws_glue_catalog_table" "raw" {
  for_each = local.raw_columns

  name          = "raw_${each.key}"
  database_name = aws_glue_catalog_database.lake.name
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    "classification"            = "csv"
    "skip.header.line.count"    = "1"
    "projection.enabled"        = "true"
    "projection.year.type"      = "integer"
    "projection.year.range"     = "${var.first_year},${var.first_year + 30}"
    "projection.month.type"     = "integer"
    "projection.month.range"    = "1,12"
    "projection.month.digits"   = "2"
    "storage.location.template" = "s3://${aws_s3_bucket.lake.bucket}/raw/${each.key}/year=$${year}/month=$${month}/"
  }

  partition_keys {
    name = "year"
    type = "string"
  }

  partition_keys {
    name = "month"
    type = "string"
  }

  storage_descriptor {
    location      = "s3://${aws_s3_bucket.lake.bucket}/raw/${each.key}/"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
    }

    dynamic "columns" {
      for_each = each.value

      content {
        name = columns.value
        type = "string"
      }
    }
  }
}
