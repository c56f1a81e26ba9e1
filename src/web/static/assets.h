/* assets: the styles, scripts, fonts and pictures that are compiled into the program.
 *
 * Fingerprinted names ("/static/look.3f2a91c0.css") never change their content, so browsers keep
 * them for a year. Everything returned is static and lives as long as the process.
 * How to add one: web/README.md. */
#ifndef BALM_WEB_STATIC_ASSETS_H
#define BALM_WEB_STATIC_ASSETS_H

#include "base/tmpl.h"
#include "http/http.h"

/* The file at that path of the site; NULL where there is none. */
const struct http_asset *asset_find(struct str path);

/* Where the file of that plain name ("look.css") is served. An unknown name is a programmer's error
 * and ends the process. */
struct url asset_url(struct str name);

#endif
