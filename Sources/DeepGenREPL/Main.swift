import Glibc
import Notebook

@main
struct Main {
  static func main() {
    let options: Options
    do {
      options = try Options.parse()
    } catch {
      Options.explain(error)
    }
    withLargeStack { exit(Program(options: options, stackSize: $0).run()) }
  }
}
