/// NumPy's `.npz`: a zip archive of `.npy` files, one a name.
package enum NPZ {
  static let format = Format(
    name: "NPZ", extensions: ["npz"],
    decode: { bytes throws(FormatError) in .named(try decode(bytes)) },
    encode: { contents throws(FormatError) in try encode(contents.several("npz")) })

  package static func decode(_ bytes: [UInt8]) throws(FormatError) -> [NamedArray] {
    var arrays: [NamedArray] = []
    for file in try Zip.decode(bytes) {
      let name = file.name.hasSuffix(".npy") ? String(file.name.dropLast(4)) : file.name
      arrays.append(NamedArray(name, try NPY.decode(file.bytes)))
    }
    return arrays
  }

  /// Writes the arrays in their order, stored as `numpy.savez` does or deflated as `savez_compressed`.
  package static func encode(
    _ arrays: [NamedArray], deflated: Bool = false
  ) throws(FormatError) -> [UInt8] {
    var files: [Zip.File] = []
    for entry in arrays {
      files.append(Zip.File(name: entry.name + ".npy", bytes: try NPY.encode(entry.array)))
    }
    return try Zip.encode(files, deflated: deflated)
  }
}
