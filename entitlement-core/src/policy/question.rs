//! Questions that a policy asks whoever requests access, and their answers.
//!
//! A policy holds [`Question`]s; a request carries an [`Answer`] to each. Answers stay on the request and are shown to
//! its approvers (QST-12).
//!
//! ```
//! use entitlement_core::policy::question::{MultipleChoiceQuestion, Question, TextInputQuestion};
//!
//! let device: Question = MultipleChoiceQuestion::new("Which kind of device?")
//!     .choice("laptop", "Laptop")
//!     .choice("desktop", "Desktop")
//!     .required()
//!     .into();
//! let ticket: Question = TextInputQuestion::new("Ticket number").single_line().matching("^INC[0-9]+$").into();
//! assert!(device.is_required() && !ticket.is_required());
//! ```

use serde::{Deserialize, Serialize};

use crate::entity::Id;
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::union::{flattened, union};

union! {
    /// A question ([accessPackageQuestion](https://learn.microsoft.com/graph/api/resources/accesspackagequestion)).
    Question = "accessPackageQuestion" {
        /// Answered in the person's own words.
        TextInput(TextInputQuestion) = "#microsoft.graph.accessPackageTextInputQuestion",
        /// Answered by picking.
        MultipleChoice(MultipleChoiceQuestion) = "#microsoft.graph.accessPackageMultipleChoiceQuestion",
    }
}

/// What every question has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct QuestionBase {
    /// The question's id; the service gives it.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<Id<Question>>,
    /// The place among the policy's questions, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i32>,
    /// The question, in the default language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The question in other languages.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub localizations: Vec<LocalizedText>,
    /// Whether it must be answered (QST-8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_required: Option<bool>,
    /// Whether an answer that is already known may be changed (QST-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_answer_editable: Option<bool>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// A text in one language
/// ([accessPackageLocalizedText](https://learn.microsoft.com/graph/api/resources/accesspackagelocalizedtext)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LocalizedText {
    /// The language: `de`, `en-GB`.
    pub language_code: String,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl LocalizedText {
    /// A text in a language.
    pub fn new(language_code: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            language_code: language_code.into(),
            text: Some(text.into()),
            unknown: RawObject::default(),
        }
    }
}

/// A question answered in the person's own words
/// ([accessPackageTextInputQuestion](https://learn.microsoft.com/graph/api/resources/accesspackagetextinputquestion)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TextInputQuestion {
    /// What every question has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: QuestionBase,
    /// Whether the answer is one short line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_single_line_question: Option<bool>,
    /// The pattern an answer must match, a .NET regular expression; anchor it with `^…$` (U-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regex_pattern: Option<String>,
}

/// A question answered by picking
/// ([accessPackageMultipleChoiceQuestion](https://learn.microsoft.com/graph/api/resources/accesspackagemultiplechoicequestion)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MultipleChoiceQuestion {
    /// What every question has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: QuestionBase,
    /// What can be picked.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub choices: Vec<AnswerChoice>,
    /// Whether more than one can be picked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_multiple_selection_allowed: Option<bool>,
}

/// One thing that can be picked
/// ([accessPackageAnswerChoice](https://learn.microsoft.com/graph/api/resources/accesspackageanswerchoice)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnswerChoice {
    /// The value an answer carries (QST-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_value: Option<String>,
    /// What people read, in the default language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What people read in other languages.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub localizations: Vec<LocalizedText>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl TextInputQuestion {
    /// A question with room for a longer answer.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            base: QuestionBase::asking(text),
            is_single_line_question: Some(false),
            regex_pattern: None,
        }
    }

    /// The same, answered in one line.
    pub fn single_line(mut self) -> Self {
        self.is_single_line_question = Some(true);
        self
    }

    /// The same, with a pattern that the answer must match.
    pub fn matching(mut self, regex: impl Into<String>) -> Self {
        self.regex_pattern = Some(regex.into());
        self
    }

    /// The same, to be answered by everybody.
    pub fn required(mut self) -> Self {
        self.base.is_required = Some(true);
        self
    }

    /// The same, worded in another language.
    pub fn localized(mut self, language_code: impl Into<String>, text: impl Into<String>) -> Self {
        self.base
            .localizations
            .push(LocalizedText::new(language_code, text));
        self
    }
}

impl MultipleChoiceQuestion {
    /// A question still without choices.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            base: QuestionBase::asking(text),
            choices: Vec::new(),
            is_multiple_selection_allowed: Some(false),
        }
    }

    /// One more choice: the value an answer carries, and what people read.
    pub fn choice(mut self, actual_value: impl Into<String>, text: impl Into<String>) -> Self {
        self.choices.push(AnswerChoice {
            actual_value: Some(actual_value.into()),
            text: Some(text.into()),
            localizations: Vec::new(),
            unknown: RawObject::default(),
        });
        self
    }

    /// The same, with more than one choice to be picked.
    pub fn multiple_selection(mut self) -> Self {
        self.is_multiple_selection_allowed = Some(true);
        self
    }

    /// The same, to be answered by everybody.
    pub fn required(mut self) -> Self {
        self.base.is_required = Some(true);
        self
    }

    /// The same, worded in another language.
    pub fn localized(mut self, language_code: impl Into<String>, text: impl Into<String>) -> Self {
        self.base
            .localizations
            .push(LocalizedText::new(language_code, text));
        self
    }
}

impl From<TextInputQuestion> for Question {
    fn from(question: TextInputQuestion) -> Self {
        Self::TextInput(question)
    }
}

impl From<MultipleChoiceQuestion> for Question {
    fn from(question: MultipleChoiceQuestion) -> Self {
        Self::MultipleChoice(question)
    }
}

impl QuestionBase {
    fn asking(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            is_required: Some(false),
            is_answer_editable: Some(true),
            ..Self::default()
        }
    }

    fn reference(id: Option<Id<Question>>) -> Self {
        Self {
            id,
            ..Self::default()
        }
    }
}

impl Question {
    /// What every question has; `None` for a kind this version does not know.
    pub fn base(&self) -> Option<&QuestionBase> {
        match self {
            Self::TextInput(question) => Some(&question.base),
            Self::MultipleChoice(question) => Some(&question.base),
            Self::Unknown(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn base_mut(&mut self) -> Option<&mut QuestionBase> {
        match self {
            Self::TextInput(question) => Some(&mut question.base),
            Self::MultipleChoice(question) => Some(&mut question.base),
            Self::Unknown(_) => None,
        }
    }

    /// The question's id, once the service has given one.
    pub fn id(&self) -> Option<&Id<Question>> {
        self.base()?.id.as_ref()
    }

    /// The question, in the default language.
    pub fn text(&self) -> Option<&str> {
        self.base()?.text.as_deref()
    }

    /// Whether it must be answered.
    pub fn is_required(&self) -> bool {
        self.base()
            .is_some_and(|base| base.is_required == Some(true))
    }

    /// An answer to this question: the text, or the `actualValue` of a choice.
    pub fn answer(&self, value: impl Into<String>) -> Answer {
        let id = self.id().cloned();
        let answered_question = match self {
            Self::TextInput(_) => Some(Self::TextInput(TextInputQuestion {
                base: QuestionBase::reference(id),
                ..TextInputQuestion::default()
            })),
            Self::MultipleChoice(_) => Some(Self::MultipleChoice(MultipleChoiceQuestion {
                base: QuestionBase::reference(id),
                ..MultipleChoiceQuestion::default()
            })),
            Self::Unknown(raw) => Some(Self::Unknown(raw.clone())),
        };
        let value = value.into();
        Answer::String(AnswerString {
            display_value: Some(self.label_of(&value).unwrap_or(&value).to_owned()),
            value: Some(value),
            answered_question,
        })
    }

    /// What people read for an answer's value.
    fn label_of(&self, value: &str) -> Option<&str> {
        let Self::MultipleChoice(question) = self else {
            return None;
        };
        question
            .choices
            .iter()
            .find(|choice| choice.actual_value.as_deref() == Some(value))?
            .text
            .as_deref()
    }

    /// Why `value` does not answer this question; patterns are left to the service, whose dialect is .NET's.
    pub fn objection_to(&self, value: &str) -> Option<String> {
        if value.trim().is_empty() {
            return self.is_required().then(|| "the answer is blank".to_owned());
        }
        match self {
            Self::MultipleChoice(question)
                if question.is_multiple_selection_allowed != Some(true) =>
            {
                let picked = |choice: &AnswerChoice| choice.actual_value.as_deref() == Some(value);
                (!question.choices.iter().any(picked)).then(|| {
                    let values: Vec<&str> = question
                        .choices
                        .iter()
                        .filter_map(|choice| choice.actual_value.as_deref())
                        .collect();
                    format!("{value:?} is not among the choices {}", values.join(", "))
                })
            }
            _ => None,
        }
    }

    pub(crate) fn check(&self, checker: &mut Checker) {
        let Some(base) = self.base() else { return };
        checker.name("text", base.text.as_deref().unwrap_or(""), "QST-1");
        if let Self::MultipleChoice(question) = self {
            checker.forbid(
                "choices",
                question.choices.is_empty(),
                "QST-3",
                "is empty",
                "offer at least one choice",
            );
            checker.each("choices", &question.choices, |c, choice| {
                let value = choice.actual_value.as_deref().unwrap_or("");
                c.name("actualValue", value, "QST-3");
                c.name("text", choice.text.as_deref().unwrap_or(""), "QST-3");
                let uses = question
                    .choices
                    .iter()
                    .filter(|other| other.actual_value == choice.actual_value);
                c.ensure(
                    "actualValue",
                    uses.count() == 1,
                    "QST-3",
                    "is used twice",
                    "give every choice its own value",
                );
                check_languages(c, &choice.localizations);
            });
        }
        check_languages(checker, &base.localizations);
    }
}

fn check_languages(checker: &mut Checker, localizations: &[LocalizedText]) {
    checker.each("localizations", localizations, |c, localized| {
        c.name("languageCode", &localized.language_code, "QST-5");
    });
}

union! {
    /// An answer ([accessPackageAnswer](https://learn.microsoft.com/graph/api/resources/accesspackageanswer)).
    Answer = "accessPackageAnswer" {
        /// A text, or the value of a choice.
        String(AnswerString) = "#microsoft.graph.accessPackageAnswerString",
    }
}

/// An answer in text
/// ([accessPackageAnswerString](https://learn.microsoft.com/graph/api/resources/accesspackageanswerstring)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnswerString {
    /// The text, or the `actualValue` of the choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_value: Option<String>,
    /// The question; in a request its id is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_question: Option<Question>,
}

impl Answer {
    /// The question that is answered.
    pub fn question_id(&self) -> Option<&Id<Question>> {
        match self {
            Self::String(answer) => answer.answered_question.as_ref()?.id(),
            Self::Unknown(_) => None,
        }
    }

    /// The text, or the value of the choice.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::String(answer) => answer.value.as_deref(),
            Self::Unknown(_) => None,
        }
    }

    /// What people read.
    pub fn display_value(&self) -> Option<&str> {
        match self {
            Self::String(answer) => answer.display_value.as_deref().or(answer.value.as_deref()),
            Self::Unknown(_) => None,
        }
    }
}
