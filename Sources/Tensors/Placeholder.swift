package enum TensorsPlaceholder {}
