# Turns the Learn pages into C: awk -f learn2c.awk EN/a.md EN/b.md ... ES/a.md ES/b.md ... > learn_pages.h
# The files of a language are those in a folder of its name; the first folder is English. All
# languages have the same pages in the same order.
FNR == 1 {
    if (files++) print "    ;"
    parts = split(FILENAME, part, "/")
    slug = part[parts]
    sub(/\.md$/, "", slug)
    language = part[parts - 1] == "es" ? "es" : "en"
    n = ++count[language]
    if (language == "en") {
        slugs[n] = slug
    } else if (slugs[n] != slug) {
        print "learn2c: " FILENAME " has no English page in its place" > "/dev/stderr"
        bad = 1
        exit 1
    }
    if (files == 1) print "/* Made from content/learn/ by tools/learn2c.awk. */\n#pragma GCC diagnostic ignored \"-Woverlength-strings\""
    printf "static const char learn_%s_%d[] =\n", language, n
}
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\"")
    printf "    \"%s\\n\"\n", $0
}
END {
    if (bad) exit 1
    print "    ;\nstatic const struct learn_file learn_files[] = {"
    for (i = 1; i <= count["en"]; i++) {
        printf "    {STR_INIT(\"%s\"), {{learn_en_%d, sizeof learn_en_%d - 1}, {learn_es_%d, sizeof learn_es_%d - 1}}},\n", slugs[i], i, i, i, i
    }
    print "};"
}
