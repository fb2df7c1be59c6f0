package enum FormatsPlaceholder {}
