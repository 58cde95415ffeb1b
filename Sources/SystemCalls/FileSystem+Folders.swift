internal import Glibc

extension FileSystem {
    /// The names in a folder, sorted, hidden ones left out; ENOTDIR when it is none, EFBIG when there are more than
    /// `namesMax`. opendir(3)
    package static func names(in folder: String, namesMax: Int) throws(Errno) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw .current }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            guard names.count < namesMax else { throw Errno(rawValue: EFBIG) }
            names.append(name)
        }
        return names.sorted()
    }
}
