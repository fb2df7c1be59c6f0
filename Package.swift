// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  // Debug builds, and so the tests, check that no two accesses to a variable overlap; each check costs several
  // nanoseconds, of which a small operation has a hundred.
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// C that computes is optimised in debug builds too: tests would otherwise spend their time in it.
let kernelFlags: [CSetting] = [
  .unsafeFlags(["-O3"], .when(configuration: .debug)),
  .unsafeFlags(["-Wall", "-Wextra", "-Werror"]),
]

/// A program of one file is handed on by copying it: equal functions are kept once, unused ones not at all.
let smallProgram = LinkerSetting.unsafeFlags(
  [
    "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=all",
    // Relative relocations in a tenth of the space; glibc reads them from 2.36 on.
    "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
  ],
  .when(configuration: .release))

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: strict)
}

let package = Package(
  name: "deepgen-repl",
  products: [.executable(name: "deepgen-repl", targets: ["DeepGenREPL"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(name: "CEditline", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CKernels", cSettings: kernelFlags, linkerSettings: [.linkedLibrary("m")]),
    library("Tensors", ["CKernels"]),
    library("Distributions", ["Tensors"]),
    library("Calculus", ["Distributions", "Tensors"]),
    library("Models", ["Distributions", "Tensors"]),
    library("Formats", ["CPNG", "CZlib", "Tensors"]),
    library("Datasets", ["Distributions", "Formats", "Tensors"]),
    library("Plotting", []),
    library("Script", ["Calculus", "Distributions", "Tensors"]),
    library(
      "Notebook",
      [
        "Calculus", "Datasets", "Distributions", "Formats", "Models", "Plotting", "Script",
        "Tensors",
      ]),
    .executableTarget(
      name: "DeepGenREPL",
      dependencies: [
        "CEditline", "Notebook", "Script", "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict, linkerSettings: [smallProgram]),
    .executableTarget(
      name: "SmallOperations", dependencies: ["Tensors"], path: "Tests/Benchmarks/SmallOperations",
      swiftSettings: strict),
    tests("CKernels"),
    tests("Tensors"),
    tests("Distributions", ["Tensors"]),
    tests("Calculus", ["Tensors"]),
    tests("Models", ["Tensors"]),
    tests("Formats", ["Tensors"]),
    tests("Datasets", ["Tensors"]),
    tests("Plotting"),
    tests("Script", ["Tensors"]),
    tests("Notebook", ["Script", "Tensors"]),
    tests("DeepGenREPL", ["Notebook", "Script", "Tensors"]),
  ]
)
