#include "practice/clients/clients.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/limits.h"
#include "mail/mail.h"

#include "base/banned.h"

static void check_text(struct str *text, struct str prefix, const char *field, size_t max_chars,
    struct problems *problems)
{
    *text = str_trim(*text);
    struct str name = arena_printf(problems->arena, "%.*s%s", STR_ARG(prefix), field);
    bool one_line = str_find(*text, '\n') == text->len && str_find(*text, '\r') == text->len;
    if (!str_is_text(*text, false) || !one_line) {
        problems_add(problems, name, "bad-text", (struct str){0});
    } else if (str_count_chars(*text) > max_chars) {
        problems_add(problems, name, "too-long", arena_printf(problems->arena, "%zu", max_chars));
    }
}

static bool is_phone(struct str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c >= '0' && c <= '9') {
            digits++;
        } else if (!strchr("+-. ()/x", c)) {
            return false;
        }
    }
    return digits >= 5;
}

void client_check(struct client_details *details, struct str prefix, struct problems *problems)
{
    struct arena *arena = problems->arena;
    check_text(&details->name, prefix, "name", LIMIT_NAME_CHARS, problems);
    check_text(&details->email, prefix, "email", LIMIT_EMAIL_CHARS, problems);
    check_text(&details->phone, prefix, "phone", LIMIT_PHONE_CHARS, problems);
    if (!details->name.len) {
        problems_add(problems, arena_printf(arena, "%.*sname", STR_ARG(prefix)), "required",
            (struct str){0});
    }
    if (!details->email.len) {
        problems_add(problems, arena_printf(arena, "%.*semail", STR_ARG(prefix)), "required",
            (struct str){0});
    } else if (!mail_address_is_valid(details->email)) {
        problems_add(problems, arena_printf(arena, "%.*semail", STR_ARG(prefix)), "not-an-email",
            details->email);
    }
    if (details->phone.len && !is_phone(details->phone)) {
        problems_add(problems, arena_printf(arena, "%.*sphone", STR_ARG(prefix)), "not-a-phone",
            details->phone);
    }
}

/* Two-byte letters U+00C0..U+017F to their base letter; '?' means "keep as it is". */
static char base_letter(unsigned code)
{
    static const char latin[] = "aaaaaaaceeeeiiiidnooooo?ouuuuy?saaaaaaaceeeeiiiidnooooo?ouuuuy?y"
                                "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                                "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    size_t index = code - 0xC0;
    return index < sizeof latin - 1 ? latin[index] : '?';
}

struct str client_fold(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.len + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 'A' && c <= 'Z') c = (unsigned char)(c - 'A' + 'a');
        if (c >= 0xC3 && c <= 0xC5 && i + 1 < text.len) {
            unsigned code = (c & 0x1Fu) << 6 | ((unsigned char)text.ptr[i + 1] & 0x3Fu);
            char base = base_letter(code);
            if (base != '?') {
                out[len++] = base;
                i++;
                continue;
            }
        }
        out[len++] = (char)c;
    }
    return (struct str){out, len};
}

static struct result insert_client(struct tx *tx, struct practice_id practice,
    const struct client_details *d, struct str name_fold, struct str email_fold, utc_us now,
    struct client_id *ret_id)
{
    int64_t id;
    TRY(db_next(
        tx, SQL("SELECT max(client_id) FROM client WHERE practice_id = $1"), practice.v, &id));
    TRY(db_exec(tx,
        SQL("INSERT INTO client (practice_id, client_id, name, name_fold, email, email_fold, phone,"
            " language, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
        V(v_int(practice.v), v_int(id), v_text(d->name), v_text(name_fold), v_text(d->email),
            v_text(email_fold), v_text(d->phone), v_text(d->language), v_int(now)),
        NULL));
    ret_id->v = id;
    return RESULT_OK;
}

struct result client_recognise(struct tx *tx, struct practice_id practice,
    const struct client_details *details, utc_us now, struct client_id *ret_id)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    struct str name_fold = client_fold(&scratch, details->name);
    struct str email_fold = client_fold(&scratch, details->email);
    int64_t id;
    /* A merged record leads to the one it was merged into; merges are never chained. */
    TRY(db_int(tx,
        SQL("SELECT coalesce(merged_into, client_id) FROM client WHERE practice_id = $1"
            " AND email_fold = $2 AND name_fold = $3 ORDER BY client_id LIMIT 1"),
        V(v_int(practice.v), v_text(email_fold), v_text(name_fold)), 0, &id));
    if (!id) return insert_client(tx, practice, details, name_fold, email_fold, now, ret_id);
    if (details->phone.len) {
        TRY(db_exec(tx,
            SQL("UPDATE client SET phone = $3 WHERE practice_id = $1 AND client_id = $2"
                " AND phone = ''"),
            V(v_int(practice.v), v_int(id), v_text(details->phone)), NULL));
    }
    ret_id->v = id;
    return RESULT_OK;
}

static struct client read_client(struct rows *rows, struct arena *arena)
{
    return (struct client){
        .id = {rows_int(rows, 0)},
        .name = rows_text(rows, 1, arena),
        .email = rows_text(rows, 2, arena),
        .phone = rows_text(rows, 3, arena),
        .note = rows_text(rows, 4, arena),
        .language = rows_text(rows, 5, arena),
        .merged_into = {rows_int(rows, 6)},
        .created = rows_int(rows, 7),
        .erased = rows_int(rows, 8),
    };
}

struct result client_get(struct tx *tx, struct practice_id practice, struct client_id id,
    struct arena *arena, struct client *ret_client)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT client_id, name, email, phone, note, language, merged_into, created_us, "
            "erased_us"
            " FROM client WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(practice.v), v_int(id.v)), &rows));
    bool has = false;
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) *ret_client = read_client(&rows, arena);
    rows_close(&rows);
    TRY(result);
    return has ? RESULT_OK : result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
}

/* LIKE pattern with its special characters escaped by a backslash. */
static struct str like_pattern(struct arena *arena, struct str text)
{
    struct sb sb;
    sb_init(&sb, arena, text.len * 2 + 8);
    sb_add_char(&sb, '%');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '%' || text.ptr[i] == '_' || text.ptr[i] == '\\') sb_add_char(&sb, '\\');
        sb_add_char(&sb, text.ptr[i]);
    }
    sb_add_char(&sb, '%');
    return sb_str(&sb);
}

/* The rest of a query, which it ends. */
static struct result read_clients(
    struct rows *rows, size_t max, struct arena *arena, struct client_list *ret_list)
{
    struct client *list = ARENA_ARRAY(arena, max, struct client);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(rows, &has)) && has && count < max)
        list[count++] = read_client(rows, arena);
    rows_close(rows);
    TRY(result);
    *ret_list = (struct client_list){list, count};
    return RESULT_OK;
}

struct result client_search(struct tx *tx, struct practice_id practice, struct str query,
    size_t max, struct arena *arena, struct client_list *ret_list)
{
    struct rows rows;
    struct str folded = client_fold(arena, str_trim(query));
    TRY(db_query(tx,
        SQL("SELECT client_id, name, email, phone, note, language, merged_into, created_us, "
            "erased_us"
            " FROM client WHERE practice_id = $1 AND merged_into IS NULL"
            " AND erased_us IS NULL AND (name_fold LIKE $2 ESCAPE '\\' OR email_fold LIKE $2 "
            "ESCAPE '\\'"
            " OR replace(replace(phone, ' ', ''), '-', '') LIKE $3 ESCAPE '\\')"
            " ORDER BY CASE WHEN $4 = '' THEN -created_us ELSE 0 END, name_fold LIMIT $5"),
        V(v_int(practice.v), v_text(like_pattern(arena, folded)),
            v_text(like_pattern(arena, folded)), v_text(folded), v_int((int64_t)max)),
        &rows));
    return read_clients(&rows, max, arena, ret_list);
}

struct result client_by_email(struct tx *tx, struct practice_id practice, struct str email,
    size_t max, struct arena *arena, struct client_list *ret_list)
{
    struct rows rows;
    struct str folded = client_fold(arena, str_trim(email));
    TRY(db_query(tx,
        SQL("SELECT client_id, name, email, phone, note, language, merged_into, created_us, "
            "erased_us"
            " FROM client WHERE practice_id = $1 AND email_fold = $2 AND merged_into IS NULL"
            " AND erased_us IS NULL ORDER BY client_id LIMIT $3"),
        V(v_int(practice.v), v_text(folded), v_int((int64_t)max)), &rows));
    return read_clients(&rows, max, arena, ret_list);
}

struct result client_any(struct tx *tx, struct practice_id practice, struct client_id *ret_id)
{
    return db_int(tx, SQL("SELECT client_id FROM client WHERE practice_id = $1 LIMIT 1"),
        V(v_int(practice.v)), 0, &ret_id->v);
}

struct result client_update(struct tx *tx, struct practice_id practice, const struct client *client,
    struct actor actor, utc_us now)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    int64_t changed;
    TRY(db_exec(tx,
        SQL("UPDATE client SET name = $3, name_fold = $4, email = $5, email_fold = $6, phone = $7,"
            " note = $8, language = $9 WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(practice.v), v_int(client->id.v), v_text(client->name),
            v_text(client_fold(&scratch, client->name)), v_text(client->email),
            v_text(client_fold(&scratch, client->email)), v_text(client->phone),
            v_text(client->note), v_text(client->language)),
        &changed));
    if (!changed) return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    return audit_add(
        tx, practice, now, actor, STR("client.changed"), STR("client"), client->id.v, STR(""));
}

struct result client_mark_merged(
    struct tx *tx, struct practice_id practice, struct client_id from, struct client_id into)
{
    if (from.v == into.v) return result_fail(ERR_INVALID, "same-client", NULL);
    int64_t changed;
    TRY(db_exec(tx,
        SQL("UPDATE client SET merged_into = $3 WHERE practice_id = $1"
            " AND (client_id = $2 OR merged_into = $2)"),
        V(v_int(practice.v), v_int(from.v), v_int(into.v)), &changed));
    return changed ? RESULT_OK : result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
}

struct result client_erase(
    struct tx *tx, struct practice_id practice, struct client_id id, utc_us now)
{
    return db_exec(tx,
        SQL("UPDATE client SET name = '', name_fold = '', email = '', email_fold = '', phone = '',"
            " note = '', erased_us = $3 WHERE practice_id = $1"
            " AND (client_id = $2 OR merged_into = $2)"),
        V(v_int(practice.v), v_int(id.v), v_int(now)), NULL);
}
