import Plotting
import Script

extension PlotBuiltins {
  var hist: Builtin {
    Builtin(
      "hist", in: "Pictures",
      [
        .init("x"), .optional("bins"), .named("range", .list),
        .named("density", .flag, .bool(false)),
      ] + Look.parameters,
      about:
        "how many of the numbers fall into each bin; bins is how many, or their edges; "
        + "density=true makes the area 1",
      examples: [
        "hist randn(1000), title=\"a thousand draws\"",
        "hist normal(0, 1).sample(1000), bins=20, range=(-4, 4), density=true",
      ]
    ) { call in
      var look = try Look(call, from: 4)
      if case .distribution = call.value(0) {
        throw ScriptError.message(
          "x: expected numbers, found a distribution",
          hints: ["draw some: `hist q.sample(1000)`"])
      }
      let values = try call.tensor(0).values
      let neighbour = look.isAdded ? gallery.last?.marks.compactMap { $0 as? Histogram }.last : nil
      let histogram = Histogram(
        bins: try Self.bins(call, values, besides: neighbour?.bins), isDensity: try call.flag(3),
        label: look.label, colour: look.colour)
      if look.yLabel == nil, !look.isAdded {
        look.yLabel = histogram.isDensity ? "density" : "count"
      }
      return try add([histogram], look)
    }
  }

  private static func bins(_ call: Invocation, _ values: [Double], besides neighbour: Bins?) throws
    -> Bins
  {
    let range = try Look.extent(call, 2)
    guard let bins = call.optional(1), bins.scalar == nil else {
      let count = try call.optionalSize(1)
      return try Bins(values, count: count, range: range, besides: neighbour)
    }
    guard range == nil else {
      throw ScriptError.message("bins are edges already: leave out range")
    }
    return try Bins(values, edges: call.tensor(1).values)
  }
}
