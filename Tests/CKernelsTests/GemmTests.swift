import CKernels
import Testing

/// The part `rows` x `columns` of a matrix product, with every number that a job has.
struct Product<T: KernelScalar> {
  /// C, shared by the parts.
  final class Output {
    var values: [T]
    init(_ values: [T]) { self.values = values }
  }

  var rows: Range<Int>
  var columns: Range<Int>
  /// How many columns the whole product has.
  var wholeColumns: Int
  var k: Int
  var a: [T]
  var aRow: Int
  var aColumn: Int
  var b: [T]
  var bRow: Int
  var bColumn: Int
  var c: Output
  var cRow: Int
  var accumulate = false
  var bias: [T] = []
  /// What values below 0 are multiplied by, where they are.
  var slope: T?

  /// C has some columns too many, full of 7s.
  init(_ operands: Operands<T>, transposed: (Bool, Bool) = (false, false), spare: Int = 2) {
    let (m, n) = (operands.m, operands.n)
    rows = 0..<m
    columns = 0..<n
    wholeColumns = n
    k = operands.k
    a = transposed.0 ? T.transpose(operands.a, m, k) : operands.a
    b = transposed.1 ? T.transpose(operands.b, k, n) : operands.b
    (aRow, aColumn) = transposed.0 ? (1, m) : (k, 1)
    (bRow, bColumn) = transposed.1 ? (1, k) : (n, 1)
    cRow = n + spare
    c = Output([T](repeating: 7, count: m * cRow))
  }
}

/// Random matrices and their product in Double, one term after the other.
struct Operands<T: KernelScalar> {
  var m: Int
  var n: Int
  var k: Int
  var a: [T]
  var b: [T]
  var sums: [Double]
  /// Of each sum, what rounding may cost.
  var tolerances: [Double]

  init(_ m: Int, _ n: Int, _ k: Int) {
    var random = TestRandom(state: UInt64(m * 1_000_003 + n * 1009 + k))
    (self.m, self.n, self.k) = (m, n, k)
    a = random.numbers(m * k)
    b = random.numbers(k * n)
    sums = []
    tolerances = []
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        var size = 0.0
        for p in 0..<k {
          let term = Double(a[i * k + p]) * Double(b[p * n + j])
          sum += term
          size += abs(term)
        }
        sums.append(sum)
        tolerances.append(Double(T.ulpOfOne) * (4 * size + 16))
      }
    }
  }

  /// Whether the kernel's C is right, and untouched where it is not part of the product.
  func hold(for product: Product<T>) -> Bool {
    let before = product.c.values
    T.gemm(product)
    for i in 0..<m {
      for j in 0..<product.cRow {
        let at = i * product.cRow + j
        let found = product.c.values[at]
        guard j < n else {
          if found != 7 { return false }
          continue
        }
        var expected = sums[i * n + j]
        if product.accumulate { expected += Double(before[at]) }
        if !product.bias.isEmpty { expected += Double(product.bias[j]) }
        if let slope = product.slope, expected < 0 { expected *= Double(slope) }
        if !(abs(Double(found) - expected) <= tolerances[i * n + j]) { return false }
      }
    }
    return true
  }
}

extension KernelTests {
  @Suite struct GemmTests {
    /// Around every edge: tiles of 4, 6 and 8 rows, vectors of 2 to 16, blocks of 384.
    static let sizes = [
      (1, 1, 1), (1, 5, 3), (3, 1, 4), (7, 1, 40), (2, 3, 5), (4, 8, 16), (8, 48, 10), (9, 49, 11),
      (13, 64, 33), (17, 20, 390), (5, 100, 1), (31, 33, 384), (12, 96, 385), (6, 1600, 3),
      (130, 200, 5), (24, 40, 390), (200, 17, 9), (1, 70, 800), (80, 1, 800), (0, 3, 2), (3, 0, 2),
      (3, 5, 0), (5, 1, 1700), (9, 2, 1600), (20, 4, 40), (33, 2, 37),
    ]
    static let transpositions = [(false, false), (false, true), (true, false), (true, true)]

    func products<T: KernelScalar>(_: T.Type) {
      for (m, n, k) in Self.sizes {
        let operands = Operands<T>(m, n, k)
        var random = TestRandom(state: 1)
        let bias: [T] = random.numbers(n)
        KernelTests.withEachISA { isa in
          for transposed in Self.transpositions {
            // Few columns without gaps take a path of their own.
            for spare in n <= 4 ? [0, 2] : [2] {
              var product = Product(operands, transposed: transposed, spare: spare)
              let plain = operands.hold(for: product)
              #expect(plain, "\(isa) \(m) \(n) \(k) \(transposed)")
              product.accumulate = true
              product.bias = bias
              for slope: T in [0, 0.25] {
                product.slope = slope
                let full = operands.hold(for: product)
                #expect(full, "\(isa) \(m) \(n) \(k) \(transposed) with everything, slope \(slope)")
              }
            }
          }
        }
      }
    }

    @Test func productsOfFloatsEqualTheNaiveOnes() { products(Float.self) }
    @Test func productsOfDoublesEqualTheNaiveOnes() { products(Double.self) }

    @Test func anyStrideWill() {
      let operands = Operands<Float>(19, 37, 50)
      KernelTests.withEachISA { isa in
        var product = Product(operands)
        product.a = operands.a.flatMap { [$0, .nan, .nan] }
        product.b = operands.b.flatMap { [$0, .nan] }
        (product.aRow, product.aColumn) = (150, 3)
        (product.bRow, product.bColumn) = (74, 2)
        let holds = operands.hold(for: product)
        #expect(holds, "\(isa)")
      }
    }

    func splits<T: KernelScalar>(_: T.Type) {
      let operands = Operands<T>(67, 131, 400)
      KernelTests.withEachISA { isa in
        for transposed in Self.transpositions {
          let whole = Product<T>(operands, transposed: transposed)
          T.gemm(whole)
          var part = whole
          part.c = .init([T](repeating: 7, count: whole.c.values.count))
          for rows in [0..<1, 1..<10, 10..<67] {
            for columns in [0..<1, 1..<17, 17..<130, 130..<131] {
              part.rows = rows
              part.columns = columns
              T.gemm(part)
            }
          }
          let equal = same(part.c.values, whole.c.values)
          #expect(equal, "\(isa) \(transposed)")
        }
      }
    }

    @Test func splittingRowsAndColumnsKeepsTheBits() {
      splits(Float.self)
      splits(Double.self)
    }

    /// Which are summed along the rows, by lanes.
    @Test func splittingTheRowsOfFewColumnsKeepsTheBits() {
      for n in [1, 2, 4] {
        let operands = Operands<Float>(67, n, 90)
        KernelTests.withEachISA { isa in
          let whole = Product(operands)
          Float.gemm(whole)
          var part = whole
          part.c = .init([Float](repeating: 7, count: whole.c.values.count))
          for rows in [0..<1, 1..<10, 10..<67] {
            part.rows = rows
            Float.gemm(part)
          }
          let equal = same(part.c.values, whole.c.values)
          #expect(equal, "\(isa) \(n)")
        }
      }
    }

    @Test func aColumnHasTheBitsItHasInTheWholeProduct() {
      let operands = Operands<Float>(50, 3, 400)
      KernelTests.withEachISA { isa in
        var whole = Product(operands)
        whole.bias = [1, 2, 3]
        Float.gemm(whole)
        var column = whole
        column.columns = 0..<1
        column.cRow = 1
        column.c = .init([Float](repeating: 7, count: 50))
        Float.gemm(column)
        let equal = same(column.c.values, (0..<50).map { whole.c.values[$0 * whole.cRow] })
        #expect(equal, "\(isa)")
      }
    }

    @Test func reluKeepsNaNAndMakesZeroOfMinusInfinity() {
      KernelTests.withEachISA { isa in
        var product = Product(Operands<Float>(2, 2, 2))
        product.a = [.nan, 1, -.infinity, 1]
        product.b = [1, 1, 1, 1]
        product.slope = 0
        Float.gemm(product)
        let (first, second) = (product.c.values[0], product.c.values[4])
        #expect(first.isNaN && second == 0, "\(isa)")
      }
    }

    @Test func tileAndWorkspaceAreOfASensibleSize() {
      KernelTests.withEachISA { _ in
        var (rows, columns): (Int32, Int32) = (0, 0)
        unsafe dg_gemm_tile_f32(&rows, &columns)
        #expect((4...8).contains(rows) && columns % 4 == 0 && columns > 0)
        #expect(dg_gemm_workspace_f32() < 4 << 20)
      }
    }
  }
}
