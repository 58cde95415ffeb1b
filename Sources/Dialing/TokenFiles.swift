internal import SystemCalls
internal import Upstreams

/// The files of a token map: one, or all of a folder that are not hidden.
struct TokenFiles: Equatable, Sendable {
    /// Files in a folder: more make a look at them long.
    private static let filesMax = 1024

    /// What tells one state of them from another.
    struct Stamp: Equatable, Sendable {
        fileprivate var files: [String: FileStamp?] = [:]
        fileprivate var error: Errno?
    }

    let path: String

    var stamp: Stamp {
        var stamp = Stamp()
        do throws(Errno) {
            for file in try self.files { stamp.files[file] = FileStamp(file) }
        } catch {
            stamp.error = error
        }
        return stamp
    }

    /// Reads all of them into one map.
    func read() -> TokenMapReader {
        var reader = TokenMapReader()
        do throws(Errno) {
            for file in try self.files { self.read(file, &reader) }
        } catch {
            reader.note("cannot be read: \(error.words)", name: self.path)
        }
        return reader
    }

    private func read(_ file: String, _ reader: inout TokenMapReader) {
        do throws(Errno) {
            reader.read(try FileContents(file).bytes, name: file)
        } catch {
            reader.note("cannot be read: \(error.words)", name: file)
        }
    }

    private var files: [String] {
        get throws(Errno) {
            do throws(Errno) {
                return try FileSystem.names(in: self.path, namesMax: Self.filesMax).map { "\(self.path)/\($0)" }
            } catch {
                guard error == .notDirectory else { throw error }
                return [self.path]
            }
        }
    }
}
