// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/report/page.hpp>

namespace hdp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kTemplate =
    "<meta content=\"script-src 'self'\"><link rel=\"stylesheet\" href=\"page.css\">"
    "<script type=\"application/json\" id=\"data\"></script>"
    "<script src=\"a.js\"></script>\n<script src=\"b.js\"></script>";

std::string text_of(const std::string& a, const std::string& b) {
  PageData data;
  data.start({.name = "the folder", .kind = "run"});
  return page_text(kTemplate, {{"page.css", "p {}"}, {"a.js", a}, {"b.js", b}}, data, "t.html");
}

TEST(PageTextTest, FilesAreThoseThatTheTemplateNames) {
  EXPECT_THAT(page_files(kTemplate, "t"), ElementsAre("page.css", "a.js", "b.js"));
  for (const char* file : {"../a.js", "https://a.b/c.js", "//a.b", "", ".."})
    EXPECT_THROW((void)page_files("<script src=\"" + std::string(file) + "\"></script>", "t"),
                 UserError)
        << file;
}

TEST(PageTextTest, EverythingIsInOneTextInItsOrder) {
  const std::string text = text_of("first()", "second()");
  EXPECT_THAT(text, HasSubstr("<style>\np {}</style>"));
  EXPECT_THAT(text, HasSubstr("<script>first()</script>\n<script>second()</script>"));
  EXPECT_THAT(text, HasSubstr(R"(id="data">{"format":"page-1")"));
  EXPECT_THAT(text, HasSubstr("the folder"));
  EXPECT_THAT(text, Not(HasSubstr("src=\"")));
  EXPECT_THAT(text, Not(HasSubstr("href")));
}

TEST(PageTextTest, OnlyItsScriptsMayRun) {
  // printf '%s' 'a' | openssl dgst -sha256 -binary | base64
  EXPECT_THAT(text_of("a", "b"),
              HasSubstr("script-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=' "
                        "'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0='"));
}

TEST(PageTextTest, NoScriptEndsBeforeItsEnd) {
  const std::string text = text_of("'</script><!--'", "b");
  EXPECT_THAT(text, HasSubstr("<script>'<\\/script><\\!--'</script>"));
}

TEST(PageTextTest, ATemplateWithoutAPlaceForTheDataIsRefused) {
  PageData data;
  EXPECT_THROW((void)page_text("'self'", {}, data, "t"), UserError);
  EXPECT_THROW(
      (void)page_text("<script type=\"application/json\" id=\"data\"></script>", {}, data, "t"),
      UserError);
}

}  // namespace
}  // namespace hdp
