// Writes the motif as a template partial: node web/art/motif.mjs > src/web/views/motif.html
import { HERO, path, strands } from './strands.mjs';

const lines = strands(HERO).map((points) => `<path pathLength="1" d="${path(points)}"/>`);
console.log(`{{! view struct view_page "web/views/public.h" }}
{{# Written by web/art/motif.mjs: strands that begin as a knot and end as calm lines. }}
<svg class="strands" viewBox="0 0 ${HERO.width} ${HERO.height}" aria-hidden="true" focusable="false">
${lines.join('\n')}
</svg>`);
