/// The newest elements of a sequence, numbered from 1. It keeps as many as two limits allow.
package struct BoundedLog<Element: Sendable>: Sendable {
    /// The elements and their sizes. Those before `start` are dropped: they are `nil`.
    private var kept: [Element?] = []
    private var start = 0
    private let maximumCount: Int
    private let maximumSize: Int
    private let size: @Sendable (Element) -> Int
    private var totalSize = 0
    /// The number of the newest element; 0 before the first.
    package private(set) var last = 0

    /// Creates an empty log that keeps at most `maximumCount` elements, whose sizes add up to at most `maximumSize`.
    package init(
        maximumCount: Int,
        maximumSize: Int = .max,
        size: @escaping @Sendable (Element) -> Int = { _ in 0 }
    ) {
        self.maximumCount = maximumCount
        self.maximumSize = maximumSize
        self.size = size
    }

    /// The number of the newest dropped element; 0 if none was dropped.
    package var forgotten: Int { last - (kept.count - start) }

    /// Adds an element, and drops the oldest ones beyond the limits.
    package mutating func append(_ element: Element) {
        last += 1
        kept.append(element)
        totalSize += size(element)
        while kept.count - start > maximumCount || totalSize > maximumSize { dropFirst() }
        compact()
    }

    /// Drops the elements up to `number`, which everybody has.
    package mutating func forget(upTo number: Int) {
        while forgotten < number { dropFirst() }
        compact()
    }

    /// Returns the elements after `number`, at most `limit`. `number` is at least ``forgotten``.
    package func elements(after number: Int, limit: Int = .max) -> [Element] {
        kept[(start + number - forgotten)...].prefix(limit).map { $0! }
    }

    private mutating func dropFirst() {
        totalSize -= size(kept[start]!)
        kept[start] = nil
        start += 1
    }

    /// Moves the elements only when half of the array is empty, and not for each element.
    private mutating func compact() {
        guard start > kept.count / 2 else { return }
        kept.removeFirst(start)
        start = 0
    }
}
