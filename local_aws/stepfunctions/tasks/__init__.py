"""Task states whose service integration moto lacks, or has otherwise than AWS."""
