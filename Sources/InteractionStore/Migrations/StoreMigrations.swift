import GRDB

/// How a store becomes what this version of the program expects: every step once, in this order, never changed afterwards.
enum StoreMigrations {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 log", migrate: createLogTables)
    migrator.registerMigration("2 results", migrate: createResultTables)
    return migrator
  }
}
