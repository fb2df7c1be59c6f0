package enum ModelsPlaceholder {}
