/* Settings: every form changes a copy of the practice, writes it as a practice file and lets the
 * file's own checks judge it, so that no form can do what a file may not. */
#ifndef BALM_WEB_STAFF_SETTINGS_H
#define BALM_WEB_STAFF_SETTINGS_H

#include "web/staff/staff_kit.h"

/* A copy whose own fields may be changed; lists are replaced, never written into. */
struct practice *staff_settings_copy(struct call *call);
struct resource *staff_copy_resources(
    struct call *call, const struct resource *list, size_t count, size_t extra);
struct service *staff_copy_services(struct call *call, size_t extra);

/* Checks and applies the copy, with its audit entry. *ret_saved false: it may not be so, and the
 * form knows why; problems below the JSON path `prefix` ("rooms[2].") go to the fields of that
 * name. */
struct result MUST_CHECK staff_settings_save(struct staff_form *form,
    const struct practice *changed, struct str prefix, bool *ret_saved);

/* As staff_form_done, with the revision that the form was made from: where the settings have
 * changed when it is saved, staff_settings_save says by whom instead, and a second save holds. */
void staff_settings_done(
    struct staff_form *form, struct url action, staff_sentence submit, struct view_form *ret_form);
/* Of a form that was not saved: 409 where somebody else was faster, else 422. */
int staff_settings_status(const struct staff_form *form);

/* The same of a practice file that was checked. */
struct result MUST_CHECK staff_settings_apply(
    struct call *call, const struct practice *file, struct setup_changes *ret_changes);

/* A key made of a name, that none of `count` others has. key_at gives the i-th. */
struct str staff_new_key(struct call *call, struct str name, const char *otherwise,
    struct str (*key_at)(const struct practice *p, size_t i), size_t count);

/* Text of a form whose lines end in \n alone. */
struct str staff_form_lines(const struct call *call, const char *name);

/* Indices into a list from which one entry is taken. */
const int *staff_indices_without(
    struct call *call, const int *indices, size_t count, int removed, size_t *ret_count);

/* "therapist ana: hours changed" in the reader's language. */
struct str staff_change_words(const struct call *call, struct str line);

/* A list without the entry at `at`. */
struct resource *staff_resources_without(
    struct call *call, const struct resource *list, size_t count, size_t at);

/* The form below a setting's own that takes it out. `problem` may be empty. */
struct view_form staff_removal(struct call *call, struct url action, struct str problem);

/* The page of one form. */
struct view_staff_setting;
void staff_setting_begin(
    struct call *call, struct str title, struct view_staff_setting *ret_view);
void staff_setting_send(struct call *call, int status, const struct view_staff_setting *view);

#endif
