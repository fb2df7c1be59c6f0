package enum PlottingPlaceholder {}
