export C; D=`id`
E+=f G=$((1))
declare -x H="i"
