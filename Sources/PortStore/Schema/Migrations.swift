import GRDB

/// The history of the schema. A shipped migration is never edited; a change of the schema is a new migration.
enum Migrations {
    /// Every migration, in order.
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1: allocations with holds, memory, projects, journal") { database in
            try database.execute(sql: v1)
            if try database.tableExists("allocations") {
                try database.execute(sql: importFromPortServer)
            }
        }
        migrator.registerMigration("v2: lifetimes, owners, tags and metadata") { try $0.execute(sql: v2) }
        migrator.registerMigration("v3: groups, askers") { try $0.execute(sql: v3) }
        migrator.registerMigration("v4: roots of projects") { try $0.execute(sql: v4) }
        migrator.registerMigration("v5: the table of the get-port service") {
            try $0.execute(sql: v5)
        }
        migrator.registerMigration("v6: origins of holds, id of the registry") { try $0.execute(sql: v6) }
        return migrator
    }

    /// Times are milliseconds since 1970. `removal` counts the values that disappeared from the two port columns, so
    /// that the cache of another process knows whether reading the newer rows is enough.
    private static let v1 = """
        CREATE TABLE allocation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            app TEXT NOT NULL,
            instance TEXT NOT NULL,
            service TEXT NOT NULL,
            replica INTEGER NOT NULL CHECK (replica >= 0),
            port INTEGER NOT NULL UNIQUE CHECK (port BETWEEN 1 AND 65535),
            folder TEXT,
            created_at INTEGER NOT NULL,
            UNIQUE (app, instance, service, replica)
        ) STRICT;

        CREATE TABLE hold (
            id INTEGER PRIMARY KEY,
            allocation_id INTEGER NOT NULL REFERENCES allocation (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('permanent', 'ttl', 'process')),
            face TEXT NOT NULL,
            placed_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX hold_of_allocation ON hold (allocation_id);

        CREATE TABLE remembered (
            id INTEGER PRIMARY KEY,
            app TEXT NOT NULL,
            instance TEXT NOT NULL,
            service TEXT NOT NULL,
            replica INTEGER NOT NULL,
            port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
            last_used_at INTEGER NOT NULL,
            UNIQUE (app, instance, service, replica)
        ) STRICT;
        CREATE INDEX remembered_by_use ON remembered (last_used_at);

        CREATE TABLE project (
            app TEXT PRIMARY KEY,
            root TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE journal (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            action TEXT NOT NULL,
            face TEXT NOT NULL,
            caller TEXT NOT NULL,
            app TEXT,
            instance TEXT,
            service TEXT,
            port INTEGER,
            reason TEXT
        ) STRICT;

        CREATE TABLE removal (count INTEGER NOT NULL) STRICT;
        INSERT INTO removal VALUES (0);
        CREATE TRIGGER allocation_removed AFTER DELETE ON allocation
        BEGIN UPDATE removal SET count = count + 1; END;
        CREATE TRIGGER allocation_moved AFTER UPDATE OF port ON allocation WHEN OLD.port <> NEW.port
        BEGIN UPDATE removal SET count = count + 1; END;
        CREATE TRIGGER remembered_removed AFTER DELETE ON remembered
        BEGIN UPDATE removal SET count = count + 1; END;
        CREATE TRIGGER remembered_moved AFTER UPDATE OF port ON remembered WHEN OLD.port <> NEW.port
        BEGIN UPDATE removal SET count = count + 1; END;
        """

    /// Imports the allocations of the original port-server, whose database is in the same place, from its table
    /// `allocations (id, app, instance, service, port, created_at)`. Rows keep their ids. The table itself stays
    /// unchanged, and rows that violate our constraints remain only there. `created_at` is a number of seconds, or text
    /// in one of SQLite's or Go's formats, all of which begin with `YYYY-MM-DD HH:MM:SS`.
    private static let importFromPortServer = """
        INSERT OR IGNORE INTO allocation (id, app, instance, service, replica, port, folder, created_at)
        SELECT id, trim(app), trim(instance), trim(service), 0, port, NULL,
            1000 * CASE typeof(created_at)
                WHEN 'integer' THEN created_at
                ELSE coalesce(CAST(strftime('%s', substr(created_at, 1, 19)) AS INTEGER), unixepoch())
            END
        FROM allocations
        WHERE typeof(port) = 'integer' AND port BETWEEN 1 AND 65535
            AND length(trim(app)) BETWEEN 1 AND 128
            AND length(trim(instance)) BETWEEN 1 AND 128
            AND length(trim(service)) BETWEEN 1 AND 128
            -- Name.isUnprintable: control characters, line separators, bidirectional overrides.
            AND app || instance || service NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159)
                || char(8232) || '-' || char(8238) || char(8294) || '-' || char(8297) || ']*'
        ORDER BY id;
        INSERT INTO hold (allocation_id, kind, face, placed_at)
        SELECT id, 'permanent', 'registry', created_at FROM allocation;
        INSERT INTO remembered (app, instance, service, replica, port, last_used_at)
        SELECT app, instance, service, replica, port, created_at FROM allocation;
        INSERT INTO journal (at, action, face, caller, app, instance, service, port, reason)
        SELECT 1000 * unixepoch(), 'taken_over', 'registry', 'migration', app, instance, service, port,
            'found in a database of the original port-server'
        FROM allocation;
        """

    /// `deadline` is in milliseconds on the uptime clock of the boot `boot`; a `process` hold has none while its owner
    /// lives. `lingers` is 1 for an allocation without a hold. `known_socket` is the inode of a listening socket that
    /// belongs to the allocation's own service.
    private static let v2 = """
        ALTER TABLE allocation ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE allocation ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE allocation ADD COLUMN lingers INTEGER NOT NULL DEFAULT 0 CHECK (lingers IN (0, 1));
        ALTER TABLE allocation ADD COLUMN known_socket INTEGER;
        CREATE INDEX allocation_lingering ON allocation (id) WHERE lingers;
        CREATE INDEX allocation_by_service ON allocation (service);

        DROP INDEX hold_of_allocation;
        ALTER TABLE hold RENAME TO hold_v1;
        CREATE TABLE hold (
            id INTEGER PRIMARY KEY,
            allocation_id INTEGER NOT NULL REFERENCES allocation (id) ON DELETE CASCADE,
            face TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('permanent', 'ttl', 'process')),
            placed_at INTEGER NOT NULL,
            renewed_at INTEGER NOT NULL,
            ttl_seconds INTEGER CHECK (ttl_seconds > 0),
            grace_seconds INTEGER CHECK (grace_seconds >= 0),
            boot TEXT,
            deadline INTEGER,
            owner_pid INTEGER,
            owner_start INTEGER,
            owner_inode INTEGER,
            CHECK (kind <> 'ttl' OR (ttl_seconds IS NOT NULL AND boot IS NOT NULL AND deadline IS NOT NULL)),
            CHECK ((kind = 'process') = (owner_pid IS NOT NULL)),
            CHECK (kind <> 'process' OR
                (boot IS NOT NULL AND owner_start IS NOT NULL AND grace_seconds IS NOT NULL))
        ) STRICT;
        INSERT INTO hold (id, allocation_id, face, kind, placed_at, renewed_at)
        SELECT id, allocation_id, face, kind, placed_at, placed_at FROM hold_v1;
        DROP TABLE hold_v1;
        CREATE INDEX hold_of_allocation ON hold (allocation_id);
        CREATE INDEX hold_by_end ON hold (boot, deadline) WHERE boot IS NOT NULL;
        CREATE INDEX hold_by_owner ON hold (owner_pid) WHERE owner_pid IS NOT NULL;
        """

    /// A group is the set of allocations with the same `group_id`; it has no table. Renewals have a counter, because
    /// times may repeat or go back.
    private static let v3 = """
        ALTER TABLE allocation ADD COLUMN group_id TEXT;
        ALTER TABLE allocation ADD COLUMN asker_pid INTEGER;
        CREATE INDEX allocation_of_group ON allocation (group_id) WHERE group_id IS NOT NULL;
        CREATE INDEX remembered_by_port ON remembered (port);
        ALTER TABLE hold ADD COLUMN owner_namespace INTEGER;
        ALTER TABLE hold ADD COLUMN renewal INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX hold_by_renewal ON hold (renewal);
        CREATE TABLE renewal (count INTEGER NOT NULL) STRICT;
        INSERT INTO renewal VALUES (0);
        CREATE TRIGGER hold_renewed AFTER UPDATE OF renewed_at ON hold WHEN OLD.renewed_at <> NEW.renewed_at
        BEGIN
            UPDATE renewal SET count = count + 1;
            UPDATE hold SET renewal = (SELECT count FROM renewal) WHERE id = NEW.id;
        END;
        """

    /// What identifies the root of a project after it was renamed, all NULL when it is unknown. An inode and a device
    /// are unsigned numbers of 64 bits, stored with the same bits; the birth time is in nanoseconds since 1970, and
    /// NULL on a file system that does not record it.
    private static let v4 = """
        ALTER TABLE project ADD COLUMN root_inode INTEGER;
        ALTER TABLE project ADD COLUMN root_birth INTEGER;
        ALTER TABLE project ADD COLUMN root_device INTEGER;
        ALTER TABLE project ADD COLUMN root_boot TEXT;
        ALTER TABLE project ADD COLUMN root_mount TEXT;
        CREATE INDEX project_by_inode ON project (root_inode) WHERE root_inode IS NOT NULL;
        """

    /// The table that the documents of the get-port service query (docs/compatibility.md), as a view with the values of
    /// `GET /ports/active`. A database that has such a table already keeps it.
    private static let v5 = """
        CREATE VIEW IF NOT EXISTS port_assignments (port, project, pid, started, last_seen) AS
        SELECT
            port,
            CASE WHEN instance = 'default' AND service = 'default' THEN app
                ELSE app || '/' || instance || '/' || service END,
            (
                SELECT owner_pid FROM hold WHERE allocation_id = allocation.id AND owner_pid IS NOT NULL
                ORDER BY deadline IS NOT NULL, id DESC LIMIT 1
            ),
            created_at,
            coalesce((SELECT max(renewed_at) FROM hold WHERE allocation_id = allocation.id), created_at)
        FROM allocation ORDER BY port
        """

    /// `origin_folder` is the stamp of the service's directory when the hold was placed, `origin_time` that moment in
    /// the unit of `owner_start`. `is_command` is 1 when the owner is the command that `run` became. A socket's inode
    /// is unique during one boot only. The id of the registry is in the marks that `run` leaves.
    private static let v6 = """
        ALTER TABLE hold ADD COLUMN origin_folder TEXT;
        ALTER TABLE hold ADD COLUMN origin_time INTEGER;
        ALTER TABLE hold ADD COLUMN is_command INTEGER NOT NULL DEFAULT 0 CHECK (is_command IN (0, 1));
        ALTER TABLE allocation ADD COLUMN known_boot TEXT;
        ALTER TABLE allocation ADD COLUMN known_is_own INTEGER NOT NULL DEFAULT 1 CHECK (known_is_own IN (0, 1));
        UPDATE allocation SET known_socket = NULL;
        CREATE INDEX allocation_by_folder ON allocation (folder) WHERE folder IS NOT NULL;
        CREATE TABLE registry (id TEXT NOT NULL) STRICT;
        INSERT INTO registry VALUES (lower(hex(randomblob(8))));
        """
}
