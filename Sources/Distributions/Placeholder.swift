package enum DistributionsPlaceholder {}
