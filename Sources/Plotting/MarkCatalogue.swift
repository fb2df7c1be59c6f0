/// Every mark there is; a test compares the list with the folder `Marks/`.
package enum MarkCatalogue {
  package static let all: [any Mark.Type] = [
    Contour.self,
    Heatmap.self,
    Histogram.self,
    HorizontalLine.self,
    Images.self,
    Line.self,
    Quiver.self,
    Scatter.self,
  ]
}
