package enum CalculusPlaceholder {}
