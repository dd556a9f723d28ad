package import PortModel

extension ProcessPlace.Step {
    /// The directory at `path`, with an inode that follows from the path.
    package static func test(_ path: String) -> ProcessPlace.Step {
        let inode = path.utf8.reduce(UInt64(2_166_136_261)) { (($0 ^ UInt64($1)) &* 16_777_619) & 0xffff_ffff }
        return ProcessPlace.Step(path: path, device: 1, inode: inode)
    }
}

extension ProcessPlace {
    /// The place of a process in `directory`, which is inside `checkout`, or in no checkout for `nil`.
    package static func test(_ directory: String, checkout: String?) -> ProcessPlace {
        if let checkout { return ProcessPlace(checkout: .test(checkout)) }
        var directories = [directory]
        while let last = directories.last, last != "/" {
            let parent = last.split(separator: "/").dropLast().joined(separator: "/")
            directories.append("/\(parent)")
        }
        return ProcessPlace(checkout: nil, directories: directories.map(Step.test))
    }
}

extension Occupier {
    /// The occupier with the place that its directory is, outside every checkout, unless it has one.
    package func placed() -> Occupier {
        guard place == nil, let directory else { return self }
        var placed = self
        placed.place = .test(directory, checkout: nil)
        return placed
    }
}
