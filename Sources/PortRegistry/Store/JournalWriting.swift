/// The changes to the journal.
package protocol JournalWriting {
    /// Appends an entry to the journal.
    func record(_ entry: JournalEntry) throws
}
