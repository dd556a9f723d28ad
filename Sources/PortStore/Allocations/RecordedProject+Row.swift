import GRDB
import GRDBSQLite
import PortModel
import PortRegistry

extension RecordedProject {
    /// The columns of the table `project`.
    enum Column: Int, TableColumn {
        case app, root, rootInode, rootBirth, rootDevice, rootBoot, rootMount
    }

    /// Reads the columns.
    init(row columns: Columns) throws {
        let row = TableRow<Column>(columns)
        self.init(app: try row[.app], root: try row[.root])
        guard let inode = try row[optional: .rootInode] as Int64?, let device = try row[optional: .rootDevice] as Int64?
        else { return }
        rootIdentity = DirectoryIdentity(
            inode: UInt64(bitPattern: inode),
            birthTime: try row[optional: .rootBirth],
            device: UInt64(bitPattern: device),
            boot: try row[.rootBoot],
            mountPoint: try row[.rootMount]
        )
    }
}

extension SQLiteQueries {
    func project(ofApp app: String) throws -> RecordedProject? { try projects(where: "app = ?", app).first }

    func project(atRoot root: String) throws -> RecordedProject? { try projects(where: "root = ?", root).first }

    func projects(withInode inode: UInt64) throws -> [RecordedProject] {
        try projects(where: "root_inode = ?", Int64(bitPattern: inode))
    }

    func recordedDirectories(among paths: Set<String>) throws -> Set<String> {
        var recorded: Set<String> = []
        for path in paths {
            let sql = """
                SELECT EXISTS (SELECT 1 FROM allocation WHERE folder = ?1)
                    OR EXISTS (SELECT 1 FROM project WHERE root = ?1)
                """
            if try database.number(sql, [path]) != 0 { recorded.insert(path) }
        }
        return recorded
    }

    private func projects(where condition: String, _ value: any StatementBinding) throws -> [RecordedProject] {
        let sql = "SELECT \(RecordedProject.Column.list) FROM project WHERE \(condition) ORDER BY app"
        var projects: [RecordedProject] = []
        try database.forEachRow(sql, [value]) { projects.append(try RecordedProject(row: $0)) }
        return projects
    }
}

extension SQLiteTransaction {
    func record(_ project: RecordedProject) throws {
        var project = project
        if let known = try self.project(ofApp: project.app), known.root == project.root {
            project.rootIdentity = project.rootIdentity ?? known.rootIdentity
            if project == known { return }
        }
        let identity = project.rootIdentity
        try database.run(
            """
            INSERT INTO project (app, root, root_inode, root_birth, root_device, root_boot, root_mount)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (app) DO UPDATE SET (root, root_inode, root_birth, root_device, root_boot, root_mount) =
                (excluded.root, excluded.root_inode, excluded.root_birth, excluded.root_device, excluded.root_boot,
                excluded.root_mount)
            """,
            [
                project.app, project.root, identity.map { Int64(bitPattern: $0.inode) }, identity?.birthTime,
                identity.map { Int64(bitPattern: $0.device) }, identity?.boot, identity?.mountPoint,
            ]
        )
    }
}
