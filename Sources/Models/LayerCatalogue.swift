/// Every layer a script can make by name, in the order the help shows; a test compares the list with the folder.
package enum LayerCatalogue {
  package static let families: [any LayerFamily.Type] = [
    Dense.self, Mlp.self, Conv.self, ConvTranspose.self, BatchNorm.self, LayerNorm.self,
    Dropout.self, Embedding.self,
  ]
}
