/// The folders that may hold data sets, the first that is asked first.
///
/// What is shipped lies in `datasets`, in a folder around the program: beside it once installed, some
/// folders up in a checkout.
func dataFolders(option: String?, environment: Environment, disk: Disk = Disk()) -> [String] {
  var folders = [option, environment["DEEPGEN_DATA"]].compactMap(\.self)
  var folder = disk.folder(of: disk.resolved("/proc/self/exe"))
  while true {
    for candidate in [folder + "/datasets", folder + "/share/deepgen-repl/datasets"]
    where disk.kind(of: candidate) == .folder {
      folders.append(candidate)
      return folders
    }
    let parent = disk.folder(of: folder)
    if parent == folder { return folders }
    folder = parent
  }
}
