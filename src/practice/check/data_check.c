#include "practice/check/data_check.h"

#include "base/check.h"

#include "base/banned.h"

/* Each query lists the ids of what breaks its invariant. */
static const struct {
    const char *invariant;
    struct sql sql;
} invariants[] = {
    {"no two occupancies of a resource overlap",
        SQL_INIT("SELECT o.owner_id FROM occupancy o WHERE EXISTS (SELECT 1 FROM occupancy p"
                 " WHERE p.practice_id = o.practice_id AND p.resource_id = o.resource_id"
                 " AND p.from_us > o.from_us AND p.from_us < o.to_us)")},
    {"every standing booking occupies its therapist, buffers included",
        SQL_INIT("SELECT b.booking_id FROM booking b WHERE b.status <> 2 AND NOT EXISTS"
                 " (SELECT 1 FROM occupancy o WHERE o.practice_id = b.practice_id"
                 " AND o.resource_id = b.therapist_id"
                 " AND o.from_us = b.starts_us - b.before_minutes * 60000000"
                 " AND o.to_us = b.ends_us + b.after_minutes * 60000000"
                 " AND o.kind = 1 AND o.owner_id = b.booking_id)")},
    {"every standing booking with a room occupies it",
        SQL_INIT("SELECT b.booking_id FROM booking b WHERE b.status <> 2 AND b.room_id IS NOT NULL"
                 " AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.practice_id = b.practice_id"
                 " AND o.resource_id = b.room_id"
                 " AND o.from_us = b.starts_us - b.before_minutes * 60000000"
                 " AND o.to_us = b.ends_us + b.after_minutes * 60000000"
                 " AND o.kind = 1 AND o.owner_id = b.booking_id)")},
    {"every occupancy of a booking belongs to a standing one",
        SQL_INIT("SELECT o.owner_id FROM occupancy o WHERE o.kind = 1 AND NOT EXISTS"
                 " (SELECT 1 FROM booking b WHERE b.practice_id = o.practice_id"
                 " AND b.booking_id = o.owner_id AND b.status <> 2"
                 " AND (b.therapist_id = o.resource_id OR b.room_id = o.resource_id))")},
    {"every occupancy of a hold belongs to one, and ends with it",
        SQL_INIT("SELECT o.owner_id FROM occupancy o WHERE o.kind = 2 AND NOT EXISTS"
                 " (SELECT 1 FROM hold h WHERE h.practice_id = o.practice_id"
                 " AND h.hold_id = o.owner_id AND h.expires_us = o.expires_us)")},
    {"every hold occupies its therapist",
        SQL_INIT("SELECT h.hold_id FROM hold h WHERE NOT EXISTS (SELECT 1 FROM occupancy o"
                 " WHERE o.practice_id = h.practice_id AND o.kind = 2 AND o.owner_id = h.hold_id"
                 " AND o.resource_id = h.therapist_id)")},
    {"every time off occupies its therapist",
        SQL_INIT("SELECT t.time_off_id FROM time_off t WHERE NOT EXISTS (SELECT 1 FROM occupancy o"
                 " WHERE o.practice_id = t.practice_id AND o.kind = 3"
                 " AND o.owner_id = t.time_off_id AND o.resource_id = t.resource_id"
                 " AND o.from_us = t.from_us AND o.to_us = t.to_us)")},
    {"every occupancy of a time off belongs to one",
        SQL_INIT("SELECT o.owner_id FROM occupancy o WHERE o.kind = 3 AND NOT EXISTS"
                 " (SELECT 1 FROM time_off t WHERE t.practice_id = o.practice_id"
                 " AND t.time_off_id = o.owner_id)")},
    {"every booking has the history of its making",
        SQL_INIT(
            "SELECT b.booking_id FROM booking b WHERE NOT EXISTS (SELECT 1 FROM booking_event e"
            " WHERE e.practice_id = b.practice_id AND e.booking_id = b.booking_id"
            " AND e.kind = 1)")},
    {"the newest event of a booking tells its times and sequence",
        SQL_INIT("SELECT b.booking_id FROM booking b JOIN booking_event e"
                 " ON e.practice_id = b.practice_id AND e.booking_id = b.booking_id"
                 " WHERE e.event_id = (SELECT max(event_id) FROM booking_event x"
                 "  WHERE x.practice_id = b.practice_id AND x.booking_id = b.booking_id)"
                 " AND (e.starts_us <> b.starts_us OR e.ends_us <> b.ends_us"
                 "  OR e.therapist_id <> b.therapist_id OR e.sequence <> b.sequence)")},
    {"every cancelled booking has the event that says so",
        SQL_INIT("SELECT b.booking_id FROM booking b WHERE b.status = 2 AND NOT EXISTS"
                 " (SELECT 1 FROM booking_event e WHERE e.practice_id = b.practice_id"
                 " AND e.booking_id = b.booking_id AND e.kind = 3)")},
    {"every message tells of a booking that exists",
        SQL_INIT("SELECT m.outbox_id FROM outbox m WHERE m.booking_id IS NOT NULL AND NOT EXISTS"
                 " (SELECT 1 FROM booking b"
                 " WHERE b.practice_id = m.practice_id AND b.booking_id = m.booking_id)")},
    {"every personal message goes to a client who stands, with a link of theirs",
        SQL_INIT("SELECT m.outbox_id FROM outbox m WHERE m.booking_id IS NULL AND m.state = 1"
                 " AND NOT EXISTS (SELECT 1 FROM personal_link l JOIN client c"
                 " ON c.practice_id = l.practice_id AND c.client_id = l.client_id"
                 " WHERE l.practice_id = m.practice_id AND l.link_id = m.link_id"
                 " AND l.client_id = m.client_id AND c.merged_into IS NULL"
                 " AND c.erased_us IS NULL)")},
    {"every answered prompt has the check-in that answered it",
        SQL_INIT("SELECT p.prompt_id FROM prompt p WHERE p.answered_us IS NOT NULL AND NOT EXISTS"
                 " (SELECT 1 FROM checkin c WHERE c.practice_id = p.practice_id"
                 " AND c.prompt_id = p.prompt_id AND c.client_id = p.client_id)")},
    {"every correction belongs to a check-in",
        SQL_INIT("SELECT x.checkin_id FROM checkin_correction x WHERE NOT EXISTS (SELECT 1"
                 " FROM checkin c WHERE c.practice_id = x.practice_id"
                 " AND c.checkin_id = x.checkin_id)")},
    {"every rating around a session is of that session's client",
        SQL_INIT("SELECT c.checkin_id FROM checkin c WHERE c.kind <> 0 AND NOT EXISTS (SELECT 1"
                 " FROM booking b WHERE b.practice_id = c.practice_id"
                 " AND b.booking_id = c.booking_id AND b.client_id = c.client_id)")},
    {"every adverse event is of its session's client",
        SQL_INIT("SELECT a.booking_id FROM adverse_event a WHERE NOT EXISTS (SELECT 1"
                 " FROM booking b WHERE b.practice_id = a.practice_id"
                 " AND b.booking_id = a.booking_id AND b.client_id = a.client_id)")},
    {"nothing is left of a client whose data was deleted or merged",
        SQL_INIT("SELECT c.client_id FROM client c"
                 " WHERE (c.erased_us IS NOT NULL OR c.merged_into IS NOT NULL) AND ("
                 " EXISTS (SELECT 1 FROM checkin x WHERE x.practice_id = c.practice_id"
                 "  AND x.client_id = c.client_id)"
                 " OR EXISTS (SELECT 1 FROM prompt x WHERE x.practice_id = c.practice_id"
                 "  AND x.client_id = c.client_id)"
                 " OR EXISTS (SELECT 1 FROM care_plan x WHERE x.practice_id = c.practice_id"
                 "  AND x.client_id = c.client_id)"
                 " OR EXISTS (SELECT 1 FROM personal_link x WHERE x.practice_id = c.practice_id"
                 "  AND x.client_id = c.client_id)"
                 " OR EXISTS (SELECT 1 FROM adverse_event x WHERE x.practice_id = c.practice_id"
                 "  AND x.client_id = c.client_id)"
                 " OR EXISTS (SELECT 1 FROM outbox x WHERE x.practice_id = c.practice_id"
                 "  AND x.client_id = c.client_id)"
                 " OR EXISTS (SELECT 1 FROM erasure_request x WHERE x.practice_id = c.practice_id"
                 "  AND x.client_id = c.client_id)"
                 " OR (c.erased_us IS NOT NULL AND (c.name <> '' OR c.email <> '' OR c.phone <> ''"
                 "  OR c.note <> '' OR EXISTS (SELECT 1 FROM booking b"
                 "  WHERE b.practice_id = c.practice_id AND b.client_id = c.client_id"
                 "  AND b.note <> ''))))")},
    {"no reminder waits for a booking that does not stand",
        SQL_INIT("SELECT m.outbox_id FROM outbox m JOIN booking b ON b.practice_id = m.practice_id"
                 " AND b.booking_id = m.booking_id"
                 " WHERE m.kind = 4 AND m.state = 1 AND b.status = 2")},
    {"no booking belongs to a client that was merged into another",
        SQL_INIT("SELECT b.booking_id FROM booking b JOIN client c ON c.practice_id = b.practice_id"
                 " AND c.client_id = b.client_id WHERE c.merged_into IS NOT NULL")},
    {"nobody is merged into somebody who was merged",
        SQL_INIT("SELECT c.client_id FROM client c JOIN client d ON d.practice_id = c.practice_id"
                 " AND d.client_id = c.merged_into WHERE d.merged_into IS NOT NULL")},
    {"the revisions of a Learn page are counted without a gap",
        SQL_INIT("SELECT max(r.n) FROM learn_page_revision r GROUP BY r.practice_id, r.slug,"
                 " r.language HAVING max(r.n) <> count(*)")},
    {"a Learn page is hidden in all its languages or in none",
        SQL_INIT("SELECT r.n FROM learn_page_revision r JOIN learn_page_revision s"
                 " ON s.practice_id = r.practice_id AND s.slug = r.slug"
                 " AND s.language > r.language AND s.hidden <> r.hidden"
                 " WHERE r.n = (SELECT max(n) FROM learn_page_revision x WHERE"
                 " x.practice_id = r.practice_id AND x.slug = r.slug AND x.language = r.language)"
                 " AND s.n = (SELECT max(n) FROM learn_page_revision y WHERE"
                 " y.practice_id = s.practice_id AND y.slug = s.slug"
                 " AND y.language = s.language)")},
    {"every practice has an active therapist for each active service",
        SQL_INIT("SELECT s.service_id FROM service s WHERE s.active = 1 AND NOT EXISTS"
                 " (SELECT 1 FROM service_resource x JOIN resource r ON r.practice_id ="
                 " x.practice_id AND r.resource_id = x.resource_id WHERE x.practice_id ="
                 " s.practice_id AND x.service_id = s.service_id AND r.kind = 1"
                 " AND r.active = 1)")},
};

struct result data_check(struct tx *tx, struct check_report *ret_report)
{
    struct check_report report = {0};
    for (size_t i = 0; i < COUNT_OF(invariants); i++) {
        struct rows rows;
        struct check_finding finding = {.invariant = invariants[i].invariant};
        TRY(db_query(tx, invariants[i].sql, NO_VALUES, &rows));
        struct result result;
        bool has;
        while (result_is_ok(result = rows_next(&rows, &has)) && has) {
            if (finding.count++ == 0) finding.example = rows_int(&rows, 0);
        }
        rows_close(&rows);
        TRY(result);
        report.checked++;
        if (finding.count) {
            CHECK(report.broken < COUNT_OF(report.findings));
            report.findings[report.broken++] = finding;
        }
    }
    *ret_report = report;
    return RESULT_OK;
}
