"""Nothing that a resident is or says is found where it must not be, whatever the product is put through."""
