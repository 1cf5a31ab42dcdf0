#pragma once

// Nothing to call: a program that is linked with this target wipes what it frees.
