/// Finds the names that a misspelt word may mean.
enum Spelling {
    /// Returns the only name that begins with `word`, else the names with the fewest slips, at most three; empty when
    /// all differ in more than a third of the word.
    static func nearest(to word: String, among names: [String]) -> [String] {
        let completed = names.filter { $0.hasPrefix(word) }
        if word.count > 1, completed.count == 1 { return completed }
        let distances = names.map { (name: $0, slips: slips(in: Array(word), for: Array($0))) }
        guard let least = distances.map(\.slips).min(), least <= max(1, (word.count + 1) / 3), least < word.count
        else { return [] }
        return distances.filter { $0.slips == least }.prefix(3).map(\.name)
    }

    /// The number of characters that were left out, added, replaced or swapped with their neighbour.
    private static func slips(in word: [Character], for name: [Character]) -> Int {
        // Each row has the distances of one prefix of the word to every prefix of the name.
        var beforePrevious: [Int] = []
        var previous = Array(0...name.count)
        for (i, letter) in word.enumerated() {
            var row = [i + 1]
            for (j, other) in name.enumerated() {
                var least = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (letter == other ? 0 : 1))
                if i > 0, j > 0, letter == name[j - 1], word[i - 1] == other {
                    least = min(least, beforePrevious[j - 1] + 1)
                }
                row.append(least)
            }
            (beforePrevious, previous) = (previous, row)
        }
        return previous[name.count]
    }
}
