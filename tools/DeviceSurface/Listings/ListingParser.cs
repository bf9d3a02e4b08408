using System.Text.RegularExpressions;

namespace Carveout.DeviceSurface;

/// <summary>Reads one listing: a line that names the assembly, a line for each type, four blanks before each member.</summary>
/// <remarks>
/// A line is C#, shortened: no access other than protected, no bodies, full names, and enum values and constants as numbers.
/// Whatever does not fit is an error: a line that was skipped would make correct device code fail to compile, far from here.
/// </remarks>
internal sealed partial class ListingParser
{
    private const string MemberIndent = "    ";

    private const Modifiers TypeModifiers =
        Modifiers.Static | Modifiers.Abstract | Modifiers.Sealed | Modifiers.ReadOnly | Modifiers.Ref;

    private const Modifiers MemberModifiers =
        Modifiers.Protected | Modifiers.Static | Modifiers.Abstract | Modifiers.Virtual | Modifiers.Override
        | Modifiers.Const | Modifiers.ReadOnly | Modifiers.Event;

    private static readonly Dictionary<string, Modifiers> _modifierWords =
        Enum.GetValues<Modifiers>().ToDictionary(m => m.ToString().ToLowerInvariant());

    private readonly string _place;
    private readonly string _line;

    private ListingParser(string place, string line)
    {
        _place = place;
        _line = line;
    }

    /// <exception cref="ListingException">A line cannot be read.</exception>
    public static AssemblyListing Parse(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string name = Path.GetFileNameWithoutExtension(path);
        if (lines.Length == 0 || lines[0] != "assembly " + name)
        {
            throw new ListingException(path + "(1,1)", $"the first line of this file must be 'assembly {name}'");
        }

        var types = new List<TypeDeclaration>();
        for (int i = 1; i < lines.Length; i++)
        {
            var parser = new ListingParser($"{path}({i + 1},1)", lines[i]);
            if (lines[i].StartsWith(MemberIndent, StringComparison.Ordinal))
            {
                var type = types.Count > 0 ? types[^1] : throw parser.Error("a member without a type above it");
                type.Members.Add(parser.ParseMember(type));
            }
            else if (lines[i].Length > 0)
            {
                types.Add(parser.ParseType());
            }
        }

        return new AssemblyListing(name, File.ReadAllBytes(path), types);
    }

    private TypeDeclaration ParseType()
    {
        string rest = TakeAnnotations(_line, out var annotations);
        rest = TakeModifiers(rest, TypeModifiers, out var modifiers);
        var match = TypePattern().Match(rest);
        if (!match.Success)
        {
            return ParseDelegate(rest, modifiers, annotations);
        }

        var type = new TypeDeclaration
        {
            Kind = Enum.Parse<TypeKind>(match.Groups["kind"].Value, ignoreCase: true),
            FullName = match.Groups["name"].Value,
            Place = _place,
            Modifiers = modifiers,
            Annotations = annotations,
            Bases = match.Groups["bases"].Success ? match.Groups["bases"].Value.Split(", ") : [],
        };

        if (type.FullName.Contains('`'))
        {
            throw Error("only a delegate may be generic");
        }

        if (type.Kind == TypeKind.Enum && type.Bases.Count != 1)
        {
            throw Error("an enum needs its underlying type, as in 'enum NAME : int'");
        }

        return type;
    }

    private TypeDeclaration ParseDelegate(string rest, Modifiers modifiers, IReadOnlyList<Annotation> annotations)
    {
        var match = DelegatePattern().Match(rest);
        if (!match.Success)
        {
            throw Error("not the declaration of a type");
        }

        string name = match.Groups["name"].Value;
        var invoke = new MemberDeclaration
        {
            Kind = MemberKind.Method,
            Place = _place,
            Type = match.Groups["result"].Value,
            Name = "Invoke",
            Parameters = ParseParameters(match.Groups["parameters"].Value),
        };

        var type = new TypeDeclaration
        {
            Kind = TypeKind.Delegate,
            FullName = name,
            Place = _place,
            Modifiers = modifiers,
            Annotations = annotations,
            TypeParameters = name.Contains('`') ? FindTypeParameters(invoke) : [],
        };

        if (name.Contains('`') && !name.EndsWith("`" + type.TypeParameters.Length, StringComparison.Ordinal))
        {
            throw Error($"{type.TypeParameters.Length} type parameters are used");
        }

        type.Members.Add(invoke);
        return type;
    }

    /// <summary>A name without a namespace that is no keyword can only be a type parameter.</summary>
    private static string[] FindTypeParameters(MemberDeclaration invoke)
    {
        var names = invoke.Parameters.Select(p => p.Type).Append(invoke.Type);
        return [.. names.Where(n => !n.Contains('.') && !Primitives.TryGetCode(n, out _)).Distinct()];
    }

    private MemberDeclaration ParseMember(TypeDeclaration type)
    {
        string rest = TakeAnnotations(_line[MemberIndent.Length..], out var annotations);
        rest = TakeModifiers(rest, MemberModifiers, out var modifiers);

        MemberDeclaration? member;
        if (type.Kind == TypeKind.Enum)
        {
            member = ParseEnumValue(rest, type) ?? throw Error("an enum's member must be 'NAME = NUMBER'");
        }
        else if ((modifiers & Modifiers.Event) != 0)
        {
            member = ParseEvent(rest) ?? throw Error("an event must be 'event TYPE NAME'");
        }
        else if ((modifiers & Modifiers.Const) != 0)
        {
            member = ParseField(rest, isConstant: true) ?? throw Error("a constant must be 'const TYPE NAME = VALUE'");
        }
        else
        {
            member = ParseProperty(rest, annotations)
                ?? ParseMethod(rest, type)
                ?? ParseField(rest, isConstant: false)
                ?? throw Error("not the declaration of a member");
        }

        return member with { Modifiers = modifiers | member.Modifiers, Annotations = annotations };
    }

    private MemberDeclaration? ParseEnumValue(string rest, TypeDeclaration type)
    {
        var match = EnumValuePattern().Match(rest);
        return !match.Success ? null : new MemberDeclaration
        {
            Kind = MemberKind.EnumValue,
            Place = _place,
            Type = type.FullName,
            Name = match.Groups["name"].Value,
            Modifiers = Modifiers.Const,
            Value = match.Groups["value"].Value,
        };
    }

    private MemberDeclaration? ParseEvent(string rest)
    {
        var match = FieldPattern().Match(rest);
        return !match.Success || match.Groups["value"].Success ? null : new MemberDeclaration
        {
            Kind = MemberKind.Event,
            Place = _place,
            Type = match.Groups["type"].Value,
            Name = match.Groups["name"].Value,
        };
    }

    private MemberDeclaration? ParseField(string rest, bool isConstant)
    {
        var match = FieldPattern().Match(rest);
        return !match.Success || match.Groups["value"].Success != isConstant ? null : new MemberDeclaration
        {
            Kind = MemberKind.Field,
            Place = _place,
            Type = match.Groups["type"].Value,
            Name = match.Groups["name"].Value,
            Value = isConstant ? match.Groups["value"].Value : null,
        };
    }

    private MemberDeclaration? ParseProperty(string rest, IReadOnlyList<Annotation> annotations)
    {
        var match = PropertyPattern().Match(rest);
        if (!match.Success)
        {
            return null;
        }

        string indexerName = annotations.OfType<Annotation.IndexerName>().FirstOrDefault()?.Name ?? "Item";
        return new MemberDeclaration
        {
            Kind = MemberKind.Property,
            Place = _place,
            Type = match.Groups["type"].Value,
            Name = match.Groups["name"].Success ? match.Groups["name"].Value : indexerName,
            Parameters = ParseParameters(match.Groups["index"].Value),
            HasGetter = match.Groups["get"].Success,
            HasSetter = match.Groups["set"].Success,
        };
    }

    private MemberDeclaration? ParseMethod(string rest, TypeDeclaration type)
    {
        var match = MethodPattern().Match(rest);
        if (!match.Success)
        {
            return null;
        }

        bool isConstructor = !match.Groups["result"].Success;
        string name = match.Groups["name"].Value;
        if (isConstructor && name != type.FullName[(type.FullName.LastIndexOf('.') + 1)..])
        {
            throw Error("a method without a result, and not the constructor of " + type.FullName);
        }

        return new MemberDeclaration
        {
            Kind = isConstructor ? MemberKind.Constructor : MemberKind.Method,
            Place = _place,
            Type = isConstructor ? "void" : match.Groups["result"].Value,
            Name = isConstructor ? ".ctor" : name,
            Parameters = ParseParameters(match.Groups["parameters"].Value),
        };
    }

    private Parameter[] ParseParameters(string text)
    {
        var parameters = new List<Parameter>();
        for (int at = 0; at < text.Length;)
        {
            var match = ParameterPattern().Match(text, at);
            if (!match.Success)
            {
                throw Error($"not a parameter: '{text[at..]}'");
            }

            var passing = match.Groups["passing"].Success
                ? Enum.Parse<Passing>(match.Groups["passing"].Value, ignoreCase: true)
                : Passing.ByValue;
            string? value = match.Groups["default"].Success ? match.Groups["default"].Value : null;
            parameters.Add(new Parameter(passing, match.Groups["type"].Value, match.Groups["name"].Value, value));
            at += match.Length;
        }

        return [.. parameters];
    }

    private string TakeAnnotations(string line, out IReadOnlyList<Annotation> annotations)
    {
        var list = new List<Annotation>();
        for (var match = AnnotationPattern().Match(line); match.Success; match = AnnotationPattern().Match(line))
        {
            list.Add(ParseAnnotation(match.Groups["name"].Value, match.Groups["arguments"].Value));
            line = line[match.Length..];
        }

        annotations = list;
        return line;
    }

    private Annotation ParseAnnotation(string name, string arguments)
    {
        switch (name, arguments)
        {
            case ("AttributeUsage", _) when UsagePattern().Match(arguments) is { Success: true } match
                    && int.TryParse(match.Groups["targets"].Value, out int targets):
                var options = match.Groups["option"].Captures.Zip(match.Groups["value"].Captures);
                return new Annotation.AttributeUsage(targets, [.. options.Select(o => (o.First.Value, o.Second.Value == "true"))]);
            case ("Conditional", ['"', .. var symbol, '"']):
                return new Annotation.Conditional(symbol);
            case ("IndexerName", ['"', .. var indexer, '"']):
                return new Annotation.IndexerName(indexer);
            case ("Obsolete", "" or "error"):
                return new Annotation.Obsolete(IsError: arguments == "error");
            case ("Empty", ""):
                return new Annotation.Empty();
            default:
                throw Error($"not an annotation: [{name}{(arguments == "" ? "" : $"({arguments})")}]");
        }
    }

    private static string TakeModifiers(string line, Modifiers known, out Modifiers modifiers)
    {
        modifiers = Modifiers.None;
        for (int blank = line.IndexOf(' '); blank > 0; blank = line.IndexOf(' '))
        {
            if (!_modifierWords.TryGetValue(line[..blank], out var modifier) || (modifier & known) == 0)
            {
                break;
            }

            modifiers |= modifier;
            line = line[(blank + 1)..];
        }

        return line;
    }

    private ListingException Error(string problem) => new(_place, $"{problem}: {_line.Trim()}");

    [GeneratedRegex(@"^\[(?<name>\w+)(?:\((?<arguments>[^\]]*)\))?\] ")]
    private static partial Regex AnnotationPattern();

    [GeneratedRegex(@"^(?<targets>\d+)(?:, (?<option>AllowMultiple|Inherited) = (?<value>true|false))*$")]
    private static partial Regex UsagePattern();

    [GeneratedRegex(@"^(?<kind>class|struct|interface|enum) (?<name>\S+)(?: : (?<bases>.+))?$")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"^delegate (?<result>\S+) (?<name>[^\s(]+)\((?<parameters>.*)\)$")]
    private static partial Regex DelegatePattern();

    [GeneratedRegex(@"^(?<name>\w+) = (?<value>-?\d+)$")]
    private static partial Regex EnumValuePattern();

    [GeneratedRegex(@"^(?<type>\S+) (?<name>\w+)(?: = (?<value>.+))?$")]
    private static partial Regex FieldPattern();

    [GeneratedRegex(@"^(?<type>\S+) (?:this\[(?<index>.+)\]|(?<name>\w+)) \{ (?=[gs])(?<get>get; )?(?<set>set; )?\}$")]
    private static partial Regex PropertyPattern();

    [GeneratedRegex(@"^(?:(?<result>\S+) )?(?<name>\w+)\((?<parameters>.*)\)$")]
    private static partial Regex MethodPattern();

    [GeneratedRegex(@"\G(?:(?<passing>ref|out|params|this) )?(?<type>[^\s,]+) (?<name>\w+)"
        + @"(?: = (?<default>""[^""]*""|[^,]+))?(?:, (?=.)|$)")]
    private static partial Regex ParameterPattern();
}
