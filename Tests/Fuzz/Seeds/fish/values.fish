set -gx A 'it\'s'
set -x B "a\$c"
set --export --global C a\nb\x41
# comment
set -gx D 'one
two'
