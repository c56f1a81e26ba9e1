/* Every limit of Balm, in one table. Bytes unless the name says otherwise.
 * Sizes hold always; rates (…_PER_…) are switched off by BALM_LIMITS=off on loopback. */
#ifndef BALM_BASE_LIMITS_H
#define BALM_BASE_LIMITS_H

/* memory */
#define LIMIT_ARENA_BYTES (64u << 20) /* one request, hard stop */
#define LIMIT_RESPONSE_BYTES (8u << 20)
#define LIMIT_PAGE_BYTES (2u << 20)
#define LIMIT_JSON_VALUES (256u << 10) /* one document; 88 bytes each */
#define LIMIT_LOG_LINE_BYTES 4096
#define LIMIT_LOG_VALUE_BYTES 1024

/* HTTP */
#define LIMIT_HEADER_BYTES (16u << 10)  /* request line and all headers */
#define LIMIT_HEADER_COUNT 64
#define LIMIT_URL_BYTES 4096
#define LIMIT_QUERY_FIELDS 64
#define LIMIT_FORM_FIELDS 512
#define LIMIT_BODY_BYTES (64u << 10)     /* forms and JSON */
#define LIMIT_UPLOAD_BYTES (1u << 20)    /* practice file, multipart */
#define LIMIT_MULTIPART_PARTS 16
#define LIMIT_CONNECTIONS 4096
#define LIMIT_CONNECTIONS_PER_ADDRESS 1024
#define LIMIT_REQUEST_SECONDS 15         /* from first byte to complete request */
#define LIMIT_IDLE_SECONDS 30            /* keep-alive without a request */
#define LIMIT_RESPONSE_SECONDS 300       /* to make and send one response, streams excepted */
#define LIMIT_STREAMS 256                /* server-sent event streams */
#define LIMIT_STOP_SECONDS 30            /* from SIGTERM to the end, whatever still waits */

/* input fields, in characters */
#define LIMIT_NAME_CHARS 80
#define LIMIT_EMAIL_CHARS 254
#define LIMIT_PHONE_CHARS 32
#define LIMIT_NOTE_CHARS 1000
#define LIMIT_DESCRIPTION_CHARS 2000
#define LIMIT_ADDRESS_CHARS 300
#define LIMIT_SLUG_CHARS 40
#define LIMIT_HOST_CHARS 253
#define LIMIT_IDEMPOTENCY_KEY_CHARS 255
#define LIMIT_PASSWORD_CHARS 256
#define LIMIT_PASSWORD_MIN_CHARS 10

/* a practice */
#define LIMIT_PRACTICE_FILE_BYTES (1u << 20)
#define LIMIT_JSON_DEPTH 16
#define LIMIT_THERAPISTS 64
#define LIMIT_ROOMS 64
#define LIMIT_SERVICES 128
#define LIMIT_HOSTS 16
#define LIMIT_HOURS_ROWS 64       /* one therapist */
#define LIMIT_EXCEPTION_ROWS 1000 /* one therapist */
#define LIMIT_SERVICE_MINUTES 720
#define LIMIT_BUFFER_MINUTES 240
#define LIMIT_HORIZON_DAYS 730
#define LIMIT_NOTICE_MINUTES (60 * 24 * 60)
#define LIMIT_HOLD_MINUTES 60
#define LIMIT_AVAILABILITY_DAYS 62
#define LIMIT_TIME_OFF_DAYS 366
#define LIMIT_MOVES_BY_CLIENT 20 /* one booking; each move sends a letter */

/* Learn pages */
#define LIMIT_LEARN_PAGE_BYTES (32u << 10) /* front matter and Markdown */
#define LIMIT_LEARN_PAGES 200              /* of one practice, Balm's own among them */
#define LIMIT_LEARN_REFERENCES 24
#define LIMIT_LEARN_TITLE_CHARS 120
#define LIMIT_LEARN_SUMMARY_CHARS 300
#define LIMIT_LEARN_REFERENCE_CHARS 400    /* one line */

/* check-ins */
#define LIMIT_ACTIVITY_CHARS 60
#define LIMIT_CHECKINS_PER_DAY_CLIENT 24
#define LIMIT_CHECKINS_CLIENT 20000      /* as many as one fit takes */
#define LIMIT_CHECKIN_DELAY_DAYS 7       /* entries made offline arrive within so long */
#define LIMIT_ENTRY_KEY_CHARS 43
#define LIMIT_CORRECTIONS_CHECKIN 20     /* one entry */
#define LIMIT_ENVELOPE_BYTES 2048        /* one entry, sealed */
#define LIMIT_ENVELOPES 20               /* in one request */

/* lists on screens */
#define LIMIT_SEARCH_RESULTS 20
#define LIMIT_LIST_ROWS 200
#define LIMIT_CHART_TABLE_ROWS 400 /* the numbers behind one picture: the newest */

/* time zones */
#define LIMIT_TZIF_BYTES (256u << 10)
#define LIMIT_TZIF_TRANSITIONS 4000
#define LIMIT_TZ_NAME_CHARS 64

/* mail */
#define LIMIT_MAIL_BYTES (1u << 20)
#define LIMIT_MAIL_ATTEMPTS 12
#define LIMIT_MAIL_SECONDS 60
#define LIMIT_MAIL_REPLY_BYTES 256 /* of a mail server's answer, for the operator */

/* relief model */
#define LIMIT_RELIEF_ROWS 20000 /* one fit: ratings and sessions */
#define LIMIT_RELIEF_DAYS 36525 /* first to last row */
#define LIMIT_RELIEF_CSV_BYTES (2u << 20)

/* the store */
#define LIMIT_WRITE_QUEUE 4096 /* jobs that wait for the writer */

/* rates */
#define LIMIT_SIGN_INS_PER_15_MIN 10        /* one account, one address */
#define LIMIT_SIGN_INS_PER_15_MIN_ACCOUNT 60 /* one account, all addresses */
#define LIMIT_SIGN_INS_PER_15_MIN_ADDRESS 30
#define LIMIT_BOOKINGS_PER_HOUR_ADDRESS 30
#define LIMIT_CHECK_INS_PER_HOUR_ADDRESS 120 /* a practice has one address for all who wait */
#define LIMIT_HOLDS_PER_10_MIN_ADDRESS 12
#define LIMIT_REQUESTS_PER_MINUTE_ADDRESS 1200
#define LIMIT_MY_LINKS_PER_HOUR_ADDRESS 20
#define LIMIT_MY_LINKS_PER_HOUR_EMAIL 4

#endif
