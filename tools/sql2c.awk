# Turns a migration's SQL into a C string literal, one line a line.
# usage: awk -v name=migration_001 -f sql2c.awk 001.sql > 001.h
BEGIN { printf "/* Made from the .sql file by tools/sql2c.awk. */\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\nstatic const char %s[] =\n", name }
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    printf "    \"%s\\n\"\n", $0
}
END { print "    ;" }
