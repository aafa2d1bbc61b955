// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace hdp {

/// The values that a knob takes: whole steps, rising from `first` to `last`.
struct KnobScale {
  std::int64_t first = 0, last = 0;
  /// A step is one over it. 0: step 0 is 0, step 1 is 10^decade, and each is the next number of
  /// five significant digits; steps below 0 are those numbers below 0.
  std::int64_t per_unit = 0;
  int decade = 0;
  /// Values beyond are these: the ends of an open range.
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();

  /// The double that is nearest to the decimal number, or fraction, of a step.
  [[nodiscard]] double value(std::int64_t step) const;
};

/// 0 to 1 in steps of 1 / 10,000.
KnobScale shares();
/// 0 and the numbers from 10^lowest on, below 10^highest.
KnobScale magnitudes(int lowest, int highest);

/// A measure (hdp/study/measures.hpp) that a knob moves.
struct KnobMove {
  std::string key;
  bool monotone = true;  ///< What is pruned more never lowers it, mass_kept: never raises it.
};

/// How the value of a setting is written: a number; a list of numbers, one for all layers or one a
/// layer; a text of shares likewise.
enum class KnobForm : std::uint8_t { Number, List, Shares };

/// Something that decides how much is pruned.
struct Knob {
  /// A setting that it turns, to at_zero + slope * value, or what of that lies in its range.
  struct Part {
    std::string path;
    double at_zero = 0, slope = 1;
    double least = -std::numeric_limits<double>::infinity();
    double most = std::numeric_limits<double>::infinity();
  };
  std::vector<Part> parts{};
  KnobScale scale{};
  bool prunes_upwards = true;     ///< Whether a larger value prunes more.
  std::vector<KnobMove> moves{};  ///< What it moves.
  KnobForm form = KnobForm::Number;
  /// Where each layer has a value: whether that of a layer acts on those behind it, and takes away
  /// what they cannot get back. Else on its own layer, and on no other.
  bool cascades = false;

  [[nodiscard]] const KnobMove* move_of(std::string_view key) const;
  /// What sets it, as `path=value`.
  [[nodiscard]] std::vector<std::string> changes(std::int64_t step) const;
  /// The same with a value a layer; of one part, which is no number.
  [[nodiscard]] std::vector<std::string> changes(std::span<const std::int64_t> steps) const;
};

/// What `calibrate` turns on a machine as it stands, plain data. What a stage decides that is off
/// is no knob, but where nothing else moves a measure.
struct Knobs {
  std::vector<Knob> one{};  ///< For all layers; of those that move a measure the first is turned.
  std::vector<Knob> by_layer{};  ///< Those that may have a value a layer.
  /// Changes with which it decides the same, and is played sooner. Empty where timing decides.
  std::vector<std::string> sooner{};
};

}  // namespace hdp
