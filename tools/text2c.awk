# Turns a text file (a migration, a practice file) into a C string literal, line by line.
# usage: awk -v name=migration_001 -f text2c.awk 001.sql > 001.h
BEGIN { printf "/* Made from the text file of this name by tools/text2c.awk. */\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\nstatic const char %s[] =\n", name }
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\"")
    printf "    \"%s\\n\"\n", $0
}
END { print "    ;" }
