import GRDB

/// The columns that are read of a table, in the order in which a statement selects them. A column is one case; its name
/// in the database is that of the case, `createdAt` for `created_at`.
protocol TableColumn: CaseIterable, RawRepresentable, Sendable where RawValue == Int {
    /// The name in the database where it is another word than the case; `nil` for most.
    var otherName: String? { get }
}

extension TableColumn {
    var otherName: String? { nil }

    /// The name in the database.
    var name: String {
        if let otherName { return otherName }
        var (name, wasLower) = ("", false)
        for character in "\(self)" {
            if character.isUppercase && wasLower { name += "_" }
            name += character.lowercased()
            wasLower = character.isLowercase
        }
        return name
    }

    /// The list to select, of the table that has the name `alias` in the statement.
    static func list(of alias: String) -> String {
        allCases.map { "\(alias).\($0.name)" }.joined(separator: ", ")
    }

    /// The list to select, in a statement with one table.
    static var list: String { allCases.map(\.name).joined(separator: ", ") }
}

/// The columns of one table in a statement's current row, by their names.
struct TableRow<Column: TableColumn> {
    private let columns: Columns
    private let start: Int

    /// - Parameter start: The position of the table's first column in the statement.
    init(_ columns: Columns, from start: Int = 0) {
        self.columns = columns
        self.start = start
    }

    /// The value of a column; `nil` for NULL. Throws ``UnreadableRow``.
    subscript<Value: StatementColumnConvertible>(optional column: Column) -> Value? {
        get throws { try columns[optional: start + column.rawValue] }
    }

    /// The value of a column that is not NULL. Throws ``UnreadableRow``.
    subscript<Value: StatementColumnConvertible>(_ column: Column) -> Value {
        get throws { try columns[start + column.rawValue] }
    }
}
