set -gx E f g; set -Ux F (id) $X
set -e G
