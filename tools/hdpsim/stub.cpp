#include "command.hpp"
namespace hdp{ void add_run(CLI::App&){} void add_schema(CLI::App&){} }
